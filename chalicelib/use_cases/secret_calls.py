"""Calling an address of which a part is secret: shown to people as `***`, and kept whole among the secrets."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.clock import Called
from slipway_formats import secret_address
from slipway_formats.frozen import frozen


@frozen
class Address:
    """An address to call. url: as shown. secret: reference of the full one, if parts are hidden. project: who calls."""

    url: str
    secret: str = ""
    project: str


def is_masked(url: str) -> bool:
    """Whether an address says of a part that it is the one that is kept."""
    return secret_address.MASK in url


def post_to(ports: Ports, address: Address, headers: Mapping[str, str], body: bytes) -> Called:
    """What the address answers, without its secrets. Faults: NotFound, when what is kept of it was just changed."""
    whole = ports.secrets.get(address.secret) if address.secret else address.url
    if address.secret and secret_address.shown(whole, is_called=True) != address.url:
        raise NotFound(f"{address.url} was changed after this was asked for")
    to = secret_address.called(whole)
    called = ports.outside.post(to.url, {**headers, **to.headers}, body, project=address.project)
    return replace(called, text=secret_address.without_secrets(called.text, whole))
