"""Networks in which pods may answer: whoever runs them says where, and the server asks nothing else for it."""

import ipaddress
from urllib.parse import urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
OWN_MACHINE: tuple[Network, ...] = (ipaddress.ip_network("127.0.0.1/32"),)


def networks_of(text: str) -> tuple[Network, ...]:
    """Return the networks that a text names, parted by blanks or commas; without any this machine's.

    Faults: ValueError.
    """
    return tuple(map(ipaddress.ip_network, text.replace(",", " ").split())) or OWN_MACHINE


def is_within(address: str, networks: tuple[Network, ...]) -> bool:
    """Whether an address, such as `http://10.0.0.7:80`, is by its number one of these networks."""
    try:
        split = urlsplit(address)
        host, _ = ipaddress.ip_address(split.hostname or ""), split.port
    except ValueError:
        return False
    return split.scheme == "http" and any(host in network for network in networks)
