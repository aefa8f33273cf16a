"""Calls to URLs of which a part is secret: shown to users as `***`, and stored in full among the secrets."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.outgoing_slots import slot_for, system_at
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.clock import Called
from slipway_formats import secret_address
from slipway_formats.frozen import frozen


@frozen
class Address:
    """A URL to call. url: as shown. secret: reference of the full one, if parts are hidden. project: the caller."""

    url: str
    secret: str = ""
    project: str


def is_masked(url: str) -> bool:
    """Return True if a part of the URL is masked and stands for the stored one."""
    return secret_address.MASK in url


def post_to(ports: Ports, address: Address, headers: Mapping[str, str], body: bytes) -> Called:
    """POST to the URL and return the response without its secrets.

    Faults: NotFound, if the stored URL was just changed; Unavailable, if too many calls are open.
    """
    whole = ports.secrets.get(address.secret) if address.secret else address.url
    if address.secret and secret_address.shown(whole, is_called=True) != address.url:
        raise NotFound(f"{address.url} was changed after this was asked for")
    to = secret_address.called(whole)
    with slot_for(ports, system_at(to.url), address.project):
        called = ports.outside.post(to.url, {**headers, **to.headers}, body)
    return replace(called, text=secret_address.without_secrets(called.text, whole))
