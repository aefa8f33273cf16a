"""Carry requests to services: to pods of this machine, by the prefix at which a service is published.

Who may reach a service, the app says, by a row that is asked with the caller's own credentials; these go no further.
Pages of services have the platform's host: they come as documents of no origin, so that no script of theirs can use
the platform with a visitor's cookies.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from chalicelib.http.callers.cookies import OWN_SITES
from chalicelib.kernel.workloads.publishing import OWN_SEGMENTS, prefixes_of
from infra.local.api.asgi import Message, Receive, Send, Services, call_of, send_early
from infra.local.api.endpoint import Endpoint, caller_of
from infra.local.api.gateway import Answer, Call
from infra.local.pod_networks import OWN_MACHINE, Network, pod_address
from slipway_formats.override import override

if TYPE_CHECKING:
    from infra.local.api.pods import Pods

ASKED_AGAIN = 1.0
"""Seconds for which an answer of the app holds. A service that is deleted is there no longer than that."""

MOST_KNOWN = 10_000
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(slots=True, kw_only=True)
class ServiceProxy(Services):
    """Carries requests to services. ask: has the app answer a call.

    networks: where pods may answer. A runner elsewhere must not have the server ask other hosts.
    """

    ask: Callable[[Call], Awaitable[Answer]]
    networks: tuple[Network, ...] = OWN_MACHINE
    now: Callable[[], float] = time.monotonic
    _known: dict[tuple[str, str], tuple[float, Endpoint]] = field(default_factory=dict)
    _pods: Pods | None = None

    @override
    def may_have(self, path: str) -> bool:
        return path.split("/", 2)[1].lower() not in OWN_SEGMENTS and bool(prefixes_of(path))

    @override
    async def carry(self, scope: Message, receive: Receive, send: Send) -> bool:
        call = call_of(scope, b"")
        found = await self._endpoint(call)
        if found is None:
            return False
        if isinstance(found, Answer):
            await send_early(send, found, receive)
            return True
        await self._connected().carry(found, call, receive, send)
        return True

    async def close(self) -> None:
        """Close the connections to pods."""
        if self._pods is not None:
            await self._pods.close()

    async def _endpoint(self, call: Call) -> Endpoint | Answer | None:
        """Return where the service answers, how the app refuses the caller, or None where there is no service."""
        caller, now = caller_of(call), self.now()
        for prefix in prefixes_of(call.path):
            until, known = self._known.get((caller, prefix), (0.0, None))
            if known is not None and now < until:
                return known
        answer = await self.ask(_query(call, "/api/v1/services"))
        if answer.status == 401:
            opened = await self.ask(_query(call, "/api/v1/services/open"))
            answer = answer if opened.status == 404 else opened
        if answer.status == 404:
            return None
        if answer.status != 200:
            return answer
        endpoint = _endpoint_of(answer, self.networks)
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[caller, endpoint.prefix] = (now + ASKED_AGAIN, endpoint)
        return endpoint

    def _connected(self) -> Pods:
        from infra.local.api.pods import Pods

        if self._pods is None:
            self._pods = Pods()
        return self._pods


def _query(call: Call, path: str) -> Call:
    """Return the call that asks for the service; a change that another site causes is nobody's: without cookies."""
    site = next((value.lower() for name, value in call.headers if name == "sec-fetch-site"), "none")
    is_wanted = call.method in SAFE or site in OWN_SITES
    dropped = {"content-length", "transfer-encoding", *(() if is_wanted else ("cookie",))}
    kept = tuple((name, value) for name, value in call.headers if name not in dropped)
    return replace(call, method="GET", path=path, query=urlencode({"path": call.path}), headers=kept, body=b"")


def _endpoint_of(answer: Answer, networks: tuple[Network, ...]) -> Endpoint:
    said = json.loads(answer.body)
    return Endpoint(
        prefix=said["prefix"],
        rewrite=said["rewrite"],
        timeout=said["timeout_ms"] / 1000,
        is_sticky=said["sticky_sessions"],
        pods=tuple(pod for one in said["addresses"] if (pod := pod_address(one, networks)) is not None),
    )
