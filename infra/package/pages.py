"""The pages on AWS: what of the code and the dependencies is theirs alone, and their paths of the REST API.

Their function has a zip of its own, so that Jinja2, templates and what browsers load cost the API no byte and no time.
"""

from typing import Any

from chalicelib.dialects.mounted import PAGES
from chalicelib.http.raw_request import METHODS
from infra.package.functions import logical
from infra.package.invoked import alias

NAME = "pages"
DIALECT = "chalicelib/dialects/console/"
OWN = ("jinja2/", "markupsafe/", DIALECT, f"chalicelib/functions/{NAME}.")
"""What the zip of the pages alone holds; how the names of its files begin."""

OTHERS = ("app.", "__pycache__/app.", "chalicelib/dialects/", "chalicelib/functions/")
"""What it holds only as far as it is its own, or in KEPT."""

KEPT = (*OWN, "chalicelib/dialects/__init__.", "chalicelib/dialects/mounted.", "chalicelib/functions/__init__.")

EVERY_METHOD = tuple(method.lower() for method in METHODS)
Resource = dict[str, Any]


def is_of_pages(name: str) -> bool:
    """Whether the zip of the pages holds a file."""
    return name.startswith(KEPT) or not name.startswith(OTHERS)


def is_of_others(name: str) -> bool:
    """Whether the zip of all other functions holds a file."""
    return not name.startswith(OWN)


def with_paths(rest_api: Resource) -> Resource:
    """Return the REST API with the paths of the pages, which invoke their function."""
    properties = rest_api["Properties"]
    definition = properties["DefinitionBody"]
    paths = {**definition["paths"], **{path: dict.fromkeys(EVERY_METHOD, _method(path)) for path in PAGES}}
    return {**rest_api, "Properties": {**properties, "DefinitionBody": {**definition, "paths": paths}}}


def permission() -> dict[str, Resource]:
    """Return the permission of the REST API to invoke the function."""
    source = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${RestAPI}/*"
    properties = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": alias.alias_id(logical(NAME))},
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": {"Fn::Sub": source},
    }
    return {"PagesPermission": {"Type": "AWS::Lambda::Permission", "Properties": properties}}


def _method(path: str) -> Resource:
    integration = {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "passthroughBehavior": "when_no_match",
        "contentHandling": "CONVERT_TO_TEXT",
        "responses": {"default": {"statusCode": "200"}},
        "uri": alias.integration(logical(NAME)),
    }
    rest = {"name": "proxy", "in": "path", "required": True, "type": "string"}
    return {
        "consumes": ["*/*"],
        "responses": {},
        **({"parameters": [rest]} if path.endswith("{proxy+}") else {}),
        "x-amazon-apigateway-integration": integration,
    }
