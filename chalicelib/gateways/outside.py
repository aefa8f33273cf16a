"""HTTP calls to external addresses. A host is untrusted until its name is resolved and the address checked.

The checked address is the one that is called, so that DNS cannot change it in between (DNS rebinding). Redirects are
not followed.
"""

import contextlib
import ipaddress
import socket
from collections.abc import Mapping
from http.client import HTTPException
from urllib.parse import SplitResult, quote, urlsplit

from chalicelib.gateways.deadline import ConnectionWithin, Deadline, Resolve, resolved_within
from chalicelib.use_cases.ports.clock import Called, Outside
from slipway_formats.frozen import frozen
from slipway_formats.override import override

LONGEST_ANSWER = 4096
"""Bytes of a response that are read."""

UNICAST = ipaddress.ip_network("2000::/3")
"""The IPv6 range in use on the internet. Outside of it are, among others, forms that embed an IPv4 address."""

ADDRESS_MARKS = "%/:=&?~#+!$,;'@()*[]"
"""Characters of a URL that are not quoted."""


def resolved(host: str, port: int) -> str:
    """Return the first address of a host. Errors: OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return str(found[0][4][0])


def is_public(text: str) -> bool:
    """Return True if the address is public on the internet and no IPv4 address is embedded in it."""
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address) and (address not in UNICAST or address.sixtofour is not None):
        return False
    return address.is_global and not address.is_multicast


def _path(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe=ADDRESS_MARKS)
    return f"{path}?{quote(parts.query, safe=ADDRESS_MARKS)}" if parts.query else path


def _response_of(connection: ConnectionWithin, parts: SplitResult, headers: Mapping[str, str], body: bytes) -> Called:
    connection.request("POST", _path(parts), body, {"User-Agent": "slipway", **headers, "Host": parts.netloc})
    answer = connection.getresponse()
    said = b""
    # What arrives at once is enough: the other side decides how long and how slow a response is.
    with contextlib.suppress(TimeoutError):
        said = answer.read1(LONGEST_ANSWER)
    return Called(status=answer.status, text=said.decode("utf-8", "replace"))


@frozen
class HttpOutside(Outside):
    """HTTP to other systems. allows_private: addresses of this machine and its networks may be called.

    seconds: for a whole call, including DNS.
    """

    allows_private: bool = False
    seconds: float = 10.0
    resolve: Resolve = resolved

    @override
    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Called:
        try:
            return self._post(url, headers, body)
        except (OSError, ValueError, HTTPException) as error:
            return Called(status=0, text=f"{type(error).__name__}: {error}"[:LONGEST_ANSWER])

    def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> Called:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValueError(f"{url[:200]!r} is no address that can be called")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        connection = self._connection(parts, port)
        try:
            return _response_of(connection, parts, headers, body)
        finally:
            connection.end()

    def _connection(self, parts: SplitResult, port: int) -> ConnectionWithin:
        deadline, host = Deadline(self.seconds), parts.hostname or ""
        address = resolved_within(self.resolve, host, port, deadline)
        if not self.allows_private and not is_public(address):
            raise ValueError(f"{host} is not a public address")
        return ConnectionWithin(address, port, host=host, is_encrypted=parts.scheme == "https", deadline=deadline)
