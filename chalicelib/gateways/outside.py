"""HTTP to other people's addresses. An address is hostile until its name was resolved and judged: we then call what we
judged, so that a name cannot change its mind in between. Redirects are not followed.
"""

import contextlib
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import field
from http.client import HTTPException
from urllib.parse import SplitResult, quote, urlsplit

from chalicelib.gateways.deadline import ConnectionWithin, Deadline, Resolve, resolved_within
from chalicelib.gateways.shares import Shares
from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.ports.clock import Called

LONGEST_ANSWER = 4096
"""Characters of an answer that anybody will read."""

UNICAST = ipaddress.ip_network("2000::/3")
"""Of IPv6, what is in use on the internet. Outside of it are, among others, forms that hide an address of IPv4."""

OF_A_PROJECT, OF_A_HOST = 4, 12
"""Calls that may be open at once in a process: a project whose calls do not end leaves others some of the host's."""

ADDRESS_MARKS = "%/:=&?~#+!$,;'@()*[]"
"""What stands in an address as it is."""

PATIENCE = 0.25
"""Seconds until a call that finds no place is put off."""


def resolved(host: str, port: int) -> str:
    """The first address of a host. Errors: OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return str(found[0][4][0])


def is_public(text: str) -> bool:
    """Whether an address is one of the internet's, and hides no other behind it."""
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address) and (address not in UNICAST or address.sixtofour is not None):
        return False
    return address.is_global and not address.is_multicast


def _path(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe=ADDRESS_MARKS)
    return f"{path}?{quote(parts.query, safe=ADDRESS_MARKS)}" if parts.query else path


def _answered(connection: ConnectionWithin, parts: SplitResult, headers: Mapping[str, str], body: bytes) -> Called:
    connection.request("POST", _path(parts), body, {"User-Agent": "slipway", **headers, "Host": parts.netloc})
    answer = connection.getresponse()
    said = b""
    # What comes at once is enough: how long an answer is, and how slow, is up to a stranger.
    with contextlib.suppress(TimeoutError):
        said = answer.read1(LONGEST_ANSWER)
    return Called(status=answer.status, text=said.decode("utf-8", "replace"))


@frozen
class HttpOutside:
    """Other systems over HTTP. allows_private: whether addresses of this machine and its networks may be called.

    seconds: of a whole call, from the first question to a name server on. shares: of what is open at once.
    """

    allows_private: bool = False
    seconds: float = 10.0
    resolve: Resolve = resolved
    shares: Shares = field(default_factory=lambda: Shares(PATIENCE))

    def post(self, url: str, headers: Mapping[str, str], body: bytes, *, project: str) -> Called:
        """POST within the time limit; what goes wrong is told by status 0. Faults: Unavailable."""
        try:
            return self._post(url, headers, body, project)
        except (OSError, ValueError, HTTPException) as error:
            return Called(status=0, text=f"{type(error).__name__}: {error}"[:LONGEST_ANSWER])

    def _post(self, url: str, headers: Mapping[str, str], body: bytes, project: str) -> Called:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValueError(f"{url[:200]!r} is no address that can be called")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        with self.shares.one_of({("project", project): OF_A_PROJECT, ("host", parts.hostname, port): OF_A_HOST}):
            connection = self._connection(parts, port)
            try:
                return _answered(connection, parts, headers, body)
            finally:
                connection.end()

    def _connection(self, parts: SplitResult, port: int) -> ConnectionWithin:
        deadline, host = Deadline(self.seconds), parts.hostname or ""
        address = resolved_within(self.resolve, host, port, deadline)
        if not self.allows_private and not is_public(address):
            raise ValueError(f"{host} is not a public address")
        return ConnectionWithin(address, port, host=host, is_encrypted=parts.scheme == "https", deadline=deadline)
