"""The WebSocket API for watching logs: its three routes invoke the function `live`.

Chalice would make a function of app.py for each of the three, and each would load every row of the API.
"""

from collections.abc import Mapping
from typing import Any

from infra.package.domain import LIVE_CONDITION
from infra.package.functions import logical
from infra.package.invoked import alias, triggers

API = "LiveApi"
STAGE = "live"
CHALICE = "Websocket"
"""Prefix of the logical ids of Chalice's own WebSocket API."""

ROUTES = {"LiveConnectRoute": "$connect", "LiveMessageRoute": "$default", "LiveDisconnectRoute": "$disconnect"}
HOST = f"${{{API}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}/{STAGE}"

Resources = dict[str, dict[str, Any]]


def resources() -> Resources:
    """Return the API, its routes and its stage, and the permission to invoke the function."""
    function = logical("live")
    source = f"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{API}}}/{STAGE}/*"
    throttle = {"ThrottlingRateLimit": {"Ref": "LiveRate"}, "ThrottlingBurstLimit": {"Ref": "LiveBurst"}}
    return {
        API: _of(
            "Api",
            Name={"Fn::Sub": "${Prefix}live"},
            ProtocolType="WEBSOCKET",
            RouteSelectionExpression="$request.body.action",
        ),
        "LiveIntegration": _part(
            "Integration", IntegrationType="AWS_PROXY", IntegrationUri=alias.integration(function)
        ),
        **{name: _route(key) for name, key in ROUTES.items()},
        "LiveStage": _part("Stage", StageName=STAGE, AutoDeploy=True, DefaultRouteSettings=throttle),
        "LivePermission": triggers.permitted(function, "apigateway.amazonaws.com", {"Fn::Sub": source}),
    }


def variables() -> Mapping[str, Any]:
    """Return environment variables of functions: where clients open WebSockets, and where functions send to them."""
    return {
        "SLIPWAY_LIVE_URL": url(),
        "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": {"Fn::Sub": f"https://{HOST}"},
    }


def url() -> Mapping[str, Any]:
    """Return where clients open WebSockets: at the domain of their own, or at API Gateway's."""
    own = {"Fn::Sub": f"wss://{HOST}"}
    return {"Fn::If": [LIVE_CONDITION, {"Fn::Sub": "wss://${LiveDomainName}"}, own]}


def without_chalices(named: Mapping[str, Any]) -> dict[str, Any]:
    """Return Chalice's resources without its own WebSocket API."""
    return {name: one for name, one in named.items() if not name.startswith(CHALICE)}


def _route(key: str) -> dict[str, Any]:
    return _part("Route", RouteKey=key, Target={"Fn::Sub": "integrations/${LiveIntegration}"})


def _part(kind: str, **properties: object) -> dict[str, Any]:
    return _of(kind, ApiId={"Ref": API}, **properties)


def _of(kind: str, **properties: object) -> dict[str, Any]:
    return {"Type": f"AWS::ApiGatewayV2::{kind}", "Properties": properties}
