"""Add, replace and change things of the API."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.client_error import ApiError

if TYPE_CHECKING:
    from slipway.client import Client

CONFLICT = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A thing in the API. path: for GET, PUT and DELETE. added_at: for POST. title: `build app in shop/ci`."""

    path: str
    title: str
    name: str
    added_at: str = ""
    project: str = ""
    environment: str = ""


def save(api: Client, place: Place, body: Mapping[str, object], *, replace: bool) -> str:
    """Add it, or with `replace` overwrite what is there; return what was done. Faults: ApiError, CommandError."""
    try:
        warn(api.post(place.added_at, body))
    except ApiError as error:
        if error.status != CONFLICT or not _is_there(api, place.path):
            raise
        if not replace:
            hint = "add --replace to put this in its place"
            raise CommandError(f"{place.title} is there already", hint) from error
        warn(api.put(place.path, body))
        return f"replaced {place.title}"
    return f"added {place.title}"


def change(
    api: Client, place: Place, said: Mapping[str, object], keep: Collection[str] | None = None
) -> dict[str, Any]:
    """Overwrite the fields in `said` and return the result. keep: fields to send back unchanged; None for all.

    Faults: ApiError, CommandError.
    """
    if not said:
        hint = "say with an option or a file what is to be another; --help lists them"
        raise CommandError(f"nothing of {place.title} was to be changed", hint, code=ExitCode.USAGE)
    before = api.get(place.path)
    kept = {name: value for name, value in before.items() if keep is None or name in keep}
    warn(api.put(place.path, {**kept, **said}))
    found: dict[str, Any] = api.get(place.path)
    return found


def warn(answer: object) -> None:
    """Tell on stderr what is odd about what was saved, or would be."""
    found = answer.get("warnings") if isinstance(answer, dict) else None
    for one in found or ():
        click.echo(f"warning: {one['path']}: {one['message']}", err=True)


def _is_there(api: Client, path: str) -> bool:
    try:
        api.get(path)
    except ApiError:
        return False
    return True
