"""Build the complete template: Chalice's REST API, our functions, tables, queues, bucket and alarms."""

import json
from collections.abc import Mapping
from typing import Any

from infra.package import alarms, domain, functions, live_api, overview, pages, storage
from infra.package.functions import CODE
from infra.package.invoked import alias
from infra.package.parameters import CONDITIONS, PARAMETERS

Template = dict[str, Any]

NOT_FOUND = '{"message": "not found"}'
TOO_LARGE = (
    "the request is too large for this way: send packages by `slipway release upload`, which sends them in parts"
)


def whole(rest_api: Mapping[str, Any]) -> Template:
    """Return Chalice's template with all our resources added."""
    common = _common(rest_api["Resources"]["APIHandler"]["Properties"])
    merged = live_api.without_chalices(rest_api["Resources"])
    merged["APIHandler"] = _api_function(merged["APIHandler"], common)
    merged |= alias.resources("APIHandler") | _permitted(merged["APIHandlerInvokePermission"])
    merged["RestAPI"] = pages.with_paths(_rest_api(merged["RestAPI"]))
    merged |= {functions.logs_id("api"): functions.log_group("api")} | storage.template() | alarms.resources()
    merged |= live_api.resources() | pages.permission() | overview.resources() | domain.resources()
    for function in functions.FUNCTIONS:
        merged |= functions.resources(function, common)
    return {
        **rest_api,
        "Description": "Slipway, a release-orchestration control plane",
        "Parameters": PARAMETERS,
        "Conditions": CONDITIONS,
        "Resources": dict(sorted(merged.items())),
        "Outputs": overview.outputs(live_api.without_chalices(rest_api.get("Outputs", {}))) | domain.outputs(),
    }


def _common(api: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties that all functions share: Chalice's runtime and architecture, the zip, the environment."""
    variables = {
        "SLIPWAY_PREFIX": {"Ref": "Prefix"},
        "SLIPWAY_PUBLIC_URL": domain.public_url(),
        "SLIPWAY_TRUST_IDENTITY_HEADER": {"Ref": "TrustIdentityHeader"},
        "SLIPWAY_JWT_ISSUER": {"Ref": "JwtIssuer"},
        "SLIPWAY_JWT_AUDIENCE": {"Ref": "JwtAudience"},
        "SLIPWAY_JWT_JWKS_URL": {"Ref": "JwtJwksUrl"},
        "SLIPWAY_POOL_PROJECTS": {"Ref": "PoolProjects"},
        "SLIPWAY_PRODUCTION": {"Ref": "Production"},
        "SLIPWAY_FRESH_LOGIN_SECONDS": {"Ref": "FreshLoginSeconds"},
        "SLIPWAY_IDLE_PAUSE_SECONDS": {"Ref": "IdlePauseSeconds"},
        "SLIPWAY_KEEP_RUNS_DAYS": {"Ref": "KeepRunsDays"},
        # Each piece of a log is a request and a write.
        "SLIPWAY_LOG_PACE_SECONDS": "2",
        "SLIPWAY_MAIL": {"Ref": "Mail"},
        "SLIPWAY_MAIL_FROM": {"Ref": "MailFrom"},
        **live_api.variables(),
    }
    return {
        "Runtime": api["Runtime"],
        "Architectures": api["Architectures"],
        "CodeUri": CODE,
        "Environment": {"Variables": variables},
        **alias.publishing(),
    }


def _api_function(chalice: Mapping[str, Any], common: Mapping[str, Any]) -> dict[str, Any]:
    return {**chalice, "Properties": {**chalice["Properties"], **common, **functions.named("api")}}


def _permitted(chalice: Mapping[str, Any]) -> dict[str, Any]:
    invoked = {"FunctionName": {"Ref": alias.alias_id("APIHandler")}}
    return {"APIHandlerInvokePermission": {**chalice, "Properties": {**chalice["Properties"], **invoked}}}


def _rest_api(chalice: Mapping[str, Any]) -> dict[str, Any]:
    """Configure API Gateway's own errors: 404 instead of 403 for unknown paths, and a hint for large bodies."""
    unknown = {"StatusCode": "404", "ResponseTemplates": {"application/json": NOT_FOUND}}
    too_large = {
        "StatusCode": "413",
        "ResponseParameters": {"Headers": {"Content-Type": "'text/plain; charset=utf-8'"}},
        # The key is the request's media type; the header gives the response's.
        "ResponseTemplates": {"application/json": TOO_LARGE},
    }
    answers = {"MISSING_AUTHENTICATION_TOKEN": unknown, "REQUEST_TOO_LARGE": too_large}
    every = {"HttpMethod": "*", "ResourcePath": "/*"}
    throttle = {"ThrottlingRateLimit": {"Ref": "ApiRate"}, "ThrottlingBurstLimit": {"Ref": "ApiBurst"}}
    named = {
        "Name": {"Fn::Sub": "${Prefix}api"},
        "MethodSettings": [{**every, **throttle}],
        "AccessLogSetting": overview.access_log(),
    }
    given = chalice["Properties"]
    invoking = {"DefinitionBody": _by_alias(given["DefinitionBody"])}
    return {**chalice, "Properties": {**named, **given, **invoking, "GatewayResponses": answers}}


def _by_alias(body: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the OpenAPI document that Chalice made
    """Return the document of the API whose operations invoke the alias, not the function."""
    return json.loads(json.dumps(body).replace("${APIHandler.Arn}", f"${{{alias.alias_id('APIHandler')}}}"))
