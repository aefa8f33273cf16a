"""Build the complete template: Chalice's REST API, our functions, tables, queues, bucket and alarms."""

from collections.abc import Mapping
from typing import Any

from infra import resources
from infra.package import alarms, functions, live_api

Template = dict[str, Any]

CODE = "./slipway.zip"
NOT_FOUND = '{"message": "not found"}'
TOO_LARGE = "the request is too large for this way: send a package with `slipway upload`, which sends it in parts"
PARAMETERS = {
    "Prefix": {
        "Type": "String",
        "AllowedPattern": "^[a-z0-9][a-z0-9-]{1,30}-$",
        "ConstraintDescription": "small letters, digits and hyphens, ending in a hyphen",
        "Description": "Begins the name of everything; the bucket's has to be free in the whole world",
    },
    "PublicUrl": {
        "Type": "String",
        "Default": "",
        "AllowedPattern": "^(https://.+)?$",
        "Description": "How clients reach the API: the output EndpointURL, or a domain of your own",
    },
    "TrustIdentityHeader": {
        "Type": "String",
        "Default": "false",
        "AllowedValues": ["false", "true"],
        "Description": "Whether the header Identity says who calls: only behind something that sets it",
    },
    "JwtIssuer": {
        "Type": "String",
        "Default": "",
        "Description": "The issuer (iss) whose JWTs say who calls, as people log in elsewhere; none without",
    },
    "JwtAudience": {"Type": "String", "Default": "", "Description": "The audience (aud) that these have to name"},
    "JwtJwksUrl": {
        "Type": "String",
        "Default": "",
        "AllowedPattern": "^(https://.+)?$",
        "Description": "Where the public keys of the issuer are",
    },
    "PoolProjects": {
        "Type": "String",
        "Default": "",
        "Description": "Which projects a pool of runners does jobs of, as gpu=web,api trusted=ops; others do all",
    },
    "IdlePauseSeconds": {
        "Type": "String",
        "Default": "",
        "Description": "After how many seconds a runner that got no job asks again; its own wait, 5, if left out",
    },
    "Mail": {
        "Type": "String",
        "Default": "",
        "NoEcho": True,
        "Description": "How notification steps send mail: ses, or the address of an SMTP server; not at all without",
    },
    "MailIdentity": {
        "Type": "String",
        "Default": "none",
        "Description": "The address or domain that SES has verified for it",
    },
    "MailFrom": {"Type": "String", "Default": "", "Description": "The mail address of who writes these"},
    "AlarmTopic": {"Type": "String", "Default": "", "Description": "ARN of the SNS topic that alarms go to"},
    "ReserveConcurrency": {
        "Type": "String",
        "Default": "true",
        "AllowedValues": ["false", "true"],
        "Description": "Whether sweeps are kept from overlapping; needs an account that has concurrency to spare",
    },
}
CONDITIONS = {
    "HasAlarmTopic": {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmTopic"}, ""]}]},
    "ReservesConcurrency": {"Fn::Equals": [{"Ref": "ReserveConcurrency"}, "true"]},
}


def whole(rest_api: Mapping[str, Any]) -> Template:
    """Return Chalice's template with all our resources added."""
    common = _common(rest_api["Resources"]["APIHandler"]["Properties"])
    merged = live_api.without_chalices(rest_api["Resources"])
    merged["APIHandler"] = _api_function(merged["APIHandler"], common)
    merged["RestAPI"] = _rest_api(merged["RestAPI"])
    merged |= {functions.logs_id("api"): functions.log_group("api")} | resources.template() | alarms.resources()
    merged |= live_api.resources()
    for function in functions.FUNCTIONS:
        merged |= functions.resources(function, common)
    return {
        **rest_api,
        "Description": "Slipway, a release-orchestration control plane",
        "Parameters": PARAMETERS,
        "Conditions": CONDITIONS,
        "Resources": dict(sorted(merged.items())),
        "Outputs": live_api.without_chalices(rest_api.get("Outputs", {})),
    }


def _common(api: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties that all functions share: Chalice's runtime and architecture, the zip, the environment."""
    variables = {
        "SLIPWAY_PREFIX": {"Ref": "Prefix"},
        "SLIPWAY_PUBLIC_URL": {"Ref": "PublicUrl"},
        "SLIPWAY_TRUST_IDENTITY_HEADER": {"Ref": "TrustIdentityHeader"},
        "SLIPWAY_JWT_ISSUER": {"Ref": "JwtIssuer"},
        "SLIPWAY_JWT_AUDIENCE": {"Ref": "JwtAudience"},
        "SLIPWAY_JWT_JWKS_URL": {"Ref": "JwtJwksUrl"},
        "SLIPWAY_POOL_PROJECTS": {"Ref": "PoolProjects"},
        "SLIPWAY_IDLE_PAUSE_SECONDS": {"Ref": "IdlePauseSeconds"},
        "SLIPWAY_MAIL": {"Ref": "Mail"},
        "SLIPWAY_MAIL_FROM": {"Ref": "MailFrom"},
        **live_api.variables(),
    }
    return {
        "Runtime": api["Runtime"],
        "Architectures": api["Architectures"],
        "CodeUri": CODE,
        "Environment": {"Variables": variables},
    }


def _api_function(chalice: Mapping[str, Any], common: Mapping[str, Any]) -> dict[str, Any]:
    return {**chalice, "Properties": {**chalice["Properties"], **common, **functions.named("api")}}


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
    named = {"Name": {"Fn::Sub": "${Prefix}api"}}
    return {**chalice, "Properties": {**named, **chalice["Properties"], "GatewayResponses": answers}}
