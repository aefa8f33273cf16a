"""What is found by what somebody types: names, pages and commands, best first. The palette shows the first of it."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.search.entries import COMMAND, entries_for
from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.explanation.likeness import likeness
from chalicelib.use_cases.overview.search_names import FoundName, NameKind, SearchNames, search_names
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

TRIGGER = "trigger "


@frozen
class Search:
    """Query: what fits what is typed. most: so much of it, the best."""

    frame: Frame
    by: Principal
    text: str
    most: int


@frozen
class Found:
    """Something to go to. kind: as a word. likeness: the less the better."""

    kind: str
    words: str
    path: str
    likeness: int


@frozen
class SearchPage:
    """What the page shows."""

    search: Search
    found: Sequence[Found]


def search_page(ports: Ports, search: Search) -> SearchPage:
    """Return what fits best; without a word, the pages and commands that there are."""
    found = sorted((*_entries(search), *_names(ports, search)), key=lambda one: one.likeness)
    return SearchPage(search=search, found=found[: search.most])


def _entries(search: Search) -> Iterator[Found]:
    for one in entries_for(search.by):
        if (fits := likeness(search.text, one.words)) is not None:
            yield Found(kind=one.kind, words=one.words, path=one.path, likeness=fits)


def _names(ports: Ports, search: Search) -> Iterator[Found]:
    """Yield names with where they are; of pipelines also that they can be started, where the reader may."""
    text = search.text.strip()
    is_command = text.casefold().startswith(TRIGGER)
    sought = text[len(TRIGGER) :] if is_command else text
    for one in search_names(ports, SearchNames(by=search.by, text=sought, most=search.most)):
        if not is_command:
            yield Found(kind=one.kind, words=one.name, path=_path(one), likeness=one.likeness)
        if one.kind is NameKind.PIPELINE and may(search.by, Level.WRITE, one.project):
            words, later = f"Trigger {one.name}", 0 if is_command else 1
            yield Found(kind=COMMAND, words=words, path=f"{_path(one)}#trigger", likeness=one.likeness + later)


def _path(one: FoundName) -> str:
    project, own = quote(one.project, safe=""), quote(one.own, safe="")
    match one.kind:
        case NameKind.RUN:
            return f"/runs/{own}"
        case NameKind.PROJECT:
            return f"/projects/{project}"
        case NameKind.PIPELINE:
            return f"/projects/{project}/pipelines/{own}"
        case NameKind.ENVIRONMENT:
            return f"/projects/{project}/environments/{own}"
        case NameKind.APPLICATION | NameKind.RELEASE:
            return f"/releases/{project}/{own}"
        case NameKind.TRAIN:
            return f"/trains/{own}"
        case NameKind.TASK:
            return f"/tasks/{own}"
        case NameKind.PERSON:
            return f"/access/people/{own}"
