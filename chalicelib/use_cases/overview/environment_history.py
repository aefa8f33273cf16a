"""All that was done in an environment, newest first: the histories of its deployments as one."""

from collections.abc import Iterator
from dataclasses import replace
from heapq import merge
from itertools import islice

from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.projects.deployment import Change, Deployment
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.projects import place_of_change
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen

CHUNK = 20
"""Changes of a deployment that are read at a time."""

BETWEEN = "|"
JUST_AFTER = "~"
"""Behind the place of a change, before that of the next."""


@frozen
class EnvironmentHistory:
    """Query: the changes of all deployments of an environment. page.after: as `place_of` writes it."""

    project: str
    environment: str
    page: Page


@frozen
class PastChange:
    """A change, and the deployment that it was of."""

    deployment: str
    change: Change


@frozen
class PastChanges:
    """A page of changes, newest first. after: where the next one begins; None when there is none."""

    changes: tuple[PastChange, ...]
    after: str | None = None


def get_environment_history(ports: Ports, query: EnvironmentHistory) -> PastChanges:
    """Return a page of what was done in an environment, also to what is gone. Faults: NotFound, Invalid."""
    ports.projects.environment(query.project, query.environment)
    place, name = _after(query.page.after)
    found = ports.deployments.in_environment(query.project, query.environment)
    histories = (_history(ports, one, _behind(place, is_open=one.name < name)) for one in found)
    newest = list(islice(merge(*histories, key=_order, reverse=True), query.page.size + 1))
    page = newest[: query.page.size]
    return PastChanges(changes=tuple(page), after=place_of(page[-1]) if len(newest) > len(page) else None)


def place_of(past: PastChange) -> str:
    """Return where a change stands among all of its environment."""
    return f"{place_of_change(past.change)}{BETWEEN}{past.deployment}"


def _after(place: str | None) -> tuple[str, str]:
    if place is None:
        return "", ""
    found, between, name = place.partition(BETWEEN)
    if not between or not found:
        raise Invalid.single("page_from", "is not the `next` of a page")
    return found, name


def _order(past: PastChange) -> tuple[str, str]:
    return place_of_change(past.change), past.deployment


def _behind(place: str, *, is_open: bool) -> str | None:
    """Return behind which place a history goes on. is_open: what stands at the place itself comes too."""
    return (place + JUST_AFTER if is_open else place) if place else None


def _history(ports: Ports, deployment: Deployment, after: str | None) -> Iterator[PastChange]:
    page = Page(size=CHUNK, after=after)
    while changes := ports.deployments.history(deployment, page):
        yield from (PastChange(deployment=deployment.name, change=change) for change in changes)
        page = replace(page, after=place_of_change(changes[-1]))
