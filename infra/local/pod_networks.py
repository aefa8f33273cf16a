"""Networks in which pods may answer: whoever runs them says where, and the server asks nothing else for it."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
OWN_MACHINE: tuple[Network, ...] = (ipaddress.ip_network("127.0.0.1/32"),)


def networks_of(text: str) -> tuple[Network, ...]:
    """Return the networks that a text names, parted by blanks or commas; without any this machine's.

    Faults: ValueError.
    """
    return tuple(map(ipaddress.ip_network, text.replace(",", " ").split())) or OWN_MACHINE


@dataclass(frozen=True, slots=True)
class PodAddress:
    """Where a pod answers. host: an address by its number."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def pod_address(text: str, networks: tuple[Network, ...]) -> PodAddress | None:
    """Return the address that a text such as `http://10.0.0.7:80` names; None if it is in none of these networks."""
    try:
        split = urlsplit(text)
        host, port = ipaddress.ip_address(split.hostname or ""), split.port
    except ValueError:
        return None
    found = PodAddress(str(host), port or 0)
    # Nothing else may stand in it: no name and password, no path.
    is_plain = port is not None and text == f"http://{found}"
    return found if is_plain and any(host in network for network in networks) else None
