"""All that was done in an environment, as the platform lists it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from slipway.cli.show.columns import Column, Columns, text, when

if TYPE_CHECKING:
    from slipway.client import Client

LARGEST_PAGE = 200


def environment_changes(api: Client, project: str, environment: str, limit: int) -> Iterator[dict[str, Any]]:
    """Yield the changes of an environment, newest first, page after page. Faults: ApiError."""
    from slipway.client import segment

    path = f"/api/v1/projects/{segment(project)}/environments/{segment(environment)}/history"
    after: str | None = ""
    while after is not None:
        size = str(min(limit, LARGEST_PAGE))
        page = api.get(path, page_size=size, **({"page_from": after} if after else {}))
        yield from page["items"]
        after = page["next"]


def without_parts(changes: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the changes, newest first, but for what the job of a deploy wrote before it ended: that is part of it."""
    ended = set[tuple[str, str]]()
    for one in changes:
        place = (str(one["deployment"]), str(one["run"]))
        if one["action"]:
            ended.add(place)
        elif place in ended:
            continue
        yield one


def _what(one: Mapping[str, Any]) -> str:
    done = str(one["action"] or "state written")
    return done if one["went_well"] else f"{done}, failed"


CHANGES = Columns(
    (
        Column("at", show=when),
        Column("deployment"),
        Column("what", _what),
        Column("release", show=text),
        Column("there then", "version", text),
        Column("by"),
        Column("run", show=text, is_spare=True),
    ),
    none="nothing was done yet",
)
