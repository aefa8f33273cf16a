"""Remove things of the API, after a confirmation or with `--yes`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from time import sleep
from typing import TYPE_CHECKING, Any

import click

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.places.saved import Place
from slipway.cli.show.output import show, the_client
from slipway.client_error import ApiError

if TYPE_CHECKING:
    from slipway.client import Client

PAUSE_SECONDS = 1.0
MOST_PAUSES = 180
NOT_FOUND = 404
PATIENCE_SECONDS = 60.0
"""How long a call is retried where much is removed."""


def remove_at(place: Place, *, yes: bool) -> None:
    """Ask, remove what is at the place, and report it. Faults: ApiError, CommandError."""
    with the_client() as api:
        confirm(place.title, yes=yes)
        gone = remove(api, place.path)
    show({"removed": place.name, **gone}, lambda: removal_summary(place.title, gone))


def remove_whole(kind: str, place: Place, *, yes: bool) -> None:
    """Remove what holds much else: the person types its name. kind: its key in the JSON answer."""
    with the_client(PATIENCE_SECONDS) as api:
        api.get(place.path)
        confirm(f"{place.title} and all that belongs to it", yes=yes, typed=place.name)
        gone = remove(api, place.path)
    show({kind: place.name, **gone}, lambda: removal_summary(place.title, gone))


def confirm(title: str, *, yes: bool, typed: str = "") -> None:
    """Ask for confirmation. typed: what the person must type, where much is removed; otherwise y is enough.

    Faults: CommandError.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise CommandError(f"nobody was asked whether to remove {title}", "add --yes", code=ExitCode.USAGE)
    if typed:
        is_meant = click.prompt(f"this cannot be undone; write {typed} to remove {title}", err=True) == typed
    else:
        is_meant = click.confirm(f"remove {title}?", err=True)
    if not is_meant:
        raise CommandError(f"{title} is still there: nothing was removed")


def remove(api: Client, path: str, *, pause: Callable[[float], object] = sleep, **query: str) -> dict[str, Any]:
    """Delete and return the answer. Repeat the call while the answer says `complete: false`, and sum the counts.

    Faults: ApiError; CommandError, when executions do not stop in time.
    """
    said = _asked(api, path, query)
    for _ in range(MOST_PAUSES):
        if said.get("complete") is not False:
            return said
        pause(PAUSE_SECONDS)
        said = _together(said, _again(api, path, query))
    raise CommandError(f"{said.get('stopping')} executions do not stop", "what is left goes when it is removed again")


def _asked(api: Client, path: str, query: Mapping[str, str]) -> dict[str, Any]:
    said = api.delete(path, **query)
    return dict(said) if isinstance(said, Mapping) else {}


def _again(api: Client, path: str, query: Mapping[str, str]) -> dict[str, Any]:
    """Repeat the call; 404 counts as complete, since somebody else finished the removal."""
    try:
        return _asked(api, path, query)
    except ApiError as error:
        if error.status != NOT_FOUND:
            raise
        return {"complete": True}


def _together(before: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    counts = [one.get("removed") or {} for one in (before, said)]
    summed = {name: sum(int(count.get(name, 0)) for count in counts) for name in {**counts[0], **counts[1]}}
    return {**said, "removed": summed}


def removal_summary(title: str, said: Mapping[str, Any]) -> str:
    """What was removed, with counts of what went with it."""
    counted = ", ".join(_counted(said.get("removed", said)))
    return f"removed {title}: {counted}" if counted else f"removed {title}"


def _counted(said: object) -> Iterator[str]:
    """`3 builds`, `1 pipeline`, from numbers or lists by name."""
    for name, what in said.items() if isinstance(said, Mapping) else ():
        number = len(what) if isinstance(what, list | Mapping) else what
        if isinstance(number, int) and not isinstance(number, bool) and number:
            words = str(name).replace("_", " ")
            yield f"{number} {_one(words) if number == 1 else words}"


def _one(words: str) -> str:
    """The singular."""
    return f"{words.removesuffix('ies')}y" if words.endswith("ies") else words.removesuffix("s")
