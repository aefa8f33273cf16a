"""HTTP to other people's addresses. An address is hostile until its name was resolved and judged: we then call what we
judged, so that a name cannot change its mind in between. Redirects are not followed.
"""

import ipaddress
import socket
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import urllib3
from urllib3.util import Timeout

from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.ports.clock import Called

LONGEST_ANSWER = 4096
"""Characters of an answer that anybody will read."""

UNICAST = ipaddress.ip_network("2000::/3")
"""Of IPv6, what is in use on the internet. Outside of it are, among others, forms that hide an address of IPv4."""

Resolve = Callable[[str, int], str]


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


@frozen
class HttpOutside:
    """Other systems over HTTP. allows_private: whether addresses of this machine and its networks may be called."""

    allows_private: bool = False
    seconds: float = 10.0
    resolve: Resolve = resolved

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Called:
        """POST within the time limit; what goes wrong is told by status 0."""
        try:
            return self._post(url, headers, body)
        except (OSError, ValueError, urllib3.exceptions.HTTPError) as error:
            return Called(status=0, text=f"{type(error).__name__}: {error}"[:LONGEST_ANSWER])

    def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> Called:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValueError(f"{url[:200]!r} is no address that can be called")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = self.resolve(parts.hostname, port)
        if not self.allows_private and not is_public(address):
            raise ValueError(f"{parts.hostname} is not a public address")
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        with self._pool(parts.scheme, address, port, parts.hostname) as pool:
            answer = pool.urlopen(
                "POST",
                path,
                body=body,
                headers={**headers, "Host": parts.netloc},
                redirect=False,
                retries=False,
                preload_content=False,
            )
            # What comes at once is enough: how long an answer is, and how slow, is up to a stranger.
            said = answer.read1(LONGEST_ANSWER)
            answer.close()
        return Called(status=answer.status, text=said.decode("utf-8", "replace"))

    def _pool(self, scheme: str, address: str, port: int, host: str) -> urllib3.HTTPConnectionPool:
        timeout = Timeout(total=self.seconds)
        if scheme == "http":
            return urllib3.HTTPConnectionPool(address, port, timeout=timeout)
        return urllib3.HTTPSConnectionPool(address, port, timeout=timeout, server_hostname=host, assert_hostname=host)
