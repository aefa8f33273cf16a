"""Calls to DynamoDB and SQS that reach the pinned ministack's handlers directly.

Its own way there is open to two hundred services, by host, path, headers and body, and takes longer than most calls.
What this module does not know takes that way.
"""

import json
import logging
import os
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Handled = tuple[int, Mapping[str, str], str | bytes]
Handler = Callable[[str, str, Mapping[str, str], bytes, Mapping[str, Any]], Awaitable[Handled]]

logger = logging.getLogger("emulator")

FAILED = (500, {"Content-Type": "application/json"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectCalls:
    """The services whose calls are taken directly. handlers: by the name before the dot of a call's target."""

    ministack: ModuleType
    handlers: Mapping[str, Handler]

    def takes(self, scope: Message, target: str) -> bool:
        """Return True for a signed JSON call to one of the services. target: of the call."""
        if target.rpartition(".")[0] not in self.handlers:
            return False
        names = {name for name, _ in scope["headers"]}
        plain = (scope["method"], scope["path"], scope["query_string"]) == ("POST", "/", b"")
        is_reset = self.ministack._get_reset_lock().locked()
        return plain and b"authorization" in names and b"content-encoding" not in names and not is_reset

    async def answer(self, scope: Message, target: str, body: bytes, send: Send) -> None:
        """Answer a call as ministack does."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        self._set_caller(headers["authorization"])
        try:
            status, told, text = await self.handlers[target.rpartition(".")[0]]("POST", "/", headers, body, {})
        except Exception as error:
            logger.exception("%s failed", target)
            status, told = FAILED
            text = json.dumps({"__type": "InternalError", "message": str(error)})
        await _send(send, status, told, text.encode() if isinstance(text, str) else text)

    def _set_caller(self, authorization: str) -> None:
        """Set the account and the region of the call, from the scope of its signature."""
        key, _, region = authorization.partition("Credential=")[2].split("/", 3)[:3]
        self.ministack.set_request_account_id(key)
        self.ministack.set_request_region(region)


def direct_calls(ministack: ModuleType, dynamodb: ModuleType, sqs: ModuleType) -> DirectCalls:
    """Return what takes calls to these modules of a ministack directly."""
    handlers = {"DynamoDB_20120810": dynamodb.handle_request, "AmazonSQS": sqs.handle_request}
    return DirectCalls(ministack=ministack, handlers=handlers)


async def _send(send: Send, status: int, told: Mapping[str, str], body: bytes) -> None:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in told.items()]
    request_id = (b"x-amzn-requestid", os.urandom(16).hex().encode())
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, request_id, length]})
    await send({"type": "http.response.body", "body": body})
