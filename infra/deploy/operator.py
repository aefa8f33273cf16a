"""The platform's ports for whoever operates a stack: by boto3, with its search for profiles, proxies and endpoints."""

import base64
from collections.abc import Mapping
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import wiring
from chalicelib.adapter_context import AdapterContext
from chalicelib.adapters import ports_on
from chalicelib.aws.calls import Answer, Aws, AwsRequest, Interceptor, Refused, Send
from chalicelib.aws.endpoint import AwsEndpoint
from chalicelib.aws.http_pool import Unreached
from chalicelib.kernel.faults import Unavailable
from chalicelib.use_cases.credentials.ensure_admin import EnsureAdmin, ensure_admin
from chalicelib.use_cases.ports.bundle import Ports, Settings


def context(session: Any, prefix: str) -> AdapterContext:  # noqa: ANN401 - boto3's session has no types
    """Return what adapters need to work on the stack of this prefix."""
    endpoint = AwsEndpoint(region=session.region_name, endpoints={}, keys=_no_keys, is_searched=True)
    aws = Aws(endpoint=endpoint, clock=wiring.AWS_CLOCK, interceptor=by_boto3(session))
    return AdapterContext(aws=lambda: aws, prefix=prefix, clock=wiring.SYSTEM_CLOCK, ids=wiring.RANDOM_IDS)


def ports(session: Any, prefix: str) -> Ports:  # noqa: ANN401 - boto3's session has no types
    """Return the ports on the stack of this prefix."""
    return ports_on(context(session, prefix), Settings())


def first_token(known: Ports) -> str | None:
    """Create the first token and return its text; None if there is one."""
    return ensure_admin(known, EnsureAdmin(now=known.clock.now()))


def by_boto3(session: Any) -> Interceptor:  # noqa: ANN401 - boto3's session has no types
    """Return an interceptor that sends every call through boto3."""
    client = cache(session.client)

    def send(request: AwsRequest, _send: Send) -> Answer:
        try:
            answer = client(request.service)._make_api_call(request.operation, _with_bytes(request.arguments))
        except ClientError as error:
            detail = error.response["Error"]
            raise Refused(detail["Code"], detail.get("Message", ""), _with_text(error.response)) from error
        except BotoCoreError as error:
            raise Unreached(str(error)) from error
        plain: Answer = _with_text(answer)
        return plain

    return send


def _no_keys() -> Any:  # noqa: ANN401 - answers nothing
    raise Unavailable("calls of operators go through boto3")


def _with_bytes(value: Any) -> Any:  # noqa: ANN401 - whatever is in a request
    """Return a request in which binary values of DynamoDB are bytes, as boto3 takes them."""
    match value:
        case {"B": str(text), **rest} if not rest:
            return {"B": base64.b64decode(text)}
        case Mapping():
            return {name: _with_bytes(one) for name, one in value.items()}
        case list() | tuple():
            return [_with_bytes(one) for one in value]
    return value


def _with_text(value: Any) -> Any:  # noqa: ANN401 - whatever is in an answer
    """Return an answer in which binary values of DynamoDB are text, as the wire has them."""
    match value:
        case {"B": bytes(content), **rest} if not rest:
            return {"B": base64.b64encode(content).decode()}
        case dict():
            return {name: _with_text(one) for name, one in value.items()}
        case list():
            return [_with_text(one) for one in value]
    return value
