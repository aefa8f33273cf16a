"""Adapt a template to the stand-in, whose APIs have no host names of their own and no TLS."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from infra.package.live_api import API, HOST, STAGE
from infra.package.rest_api import BINARY

Template = dict[str, Any]
PATH = "_aws/execute-api"


def adapted(template: Mapping[str, Any], address: str) -> Template:
    """Return the template with addresses of the stand-in. address: its URL."""
    live = f"{urlsplit(address).netloc}/{PATH}/${{{API}}}/{STAGE}"
    text = json.dumps(template).replace(f"wss://{HOST}", f"ws://{live}").replace(f"https://{HOST}", f"http://{live}")
    made: Template = json.loads(text)
    made["Parameters"]["PublicUrl"]["AllowedPattern"] = "^(https?://.+)?$"
    api = made["Resources"]["RestAPI"]["Properties"]
    # The stand-in reads this property alone, and not the extension that says the same.
    api["BinaryMediaTypes"] = api["DefinitionBody"][BINARY]
    return made


def api_url(address: str, rest_api: str, stage: str) -> str:
    """Return the URL of a deployed REST API at the stand-in."""
    return f"{address}/{PATH}/{rest_api}/{stage}"
