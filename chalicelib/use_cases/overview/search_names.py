"""Find what the caller may read by its name, as people type it: `shop/delivery#7`, `shop`, `ann`.

It is asked at each key, so it reads little: projects with their environments are one list, pipelines one for each
project, and both are remembered for seconds; releases have an index of words. Trains are found by their project, and
tasks by their namespace, which is typed before them: `shop/1.4`, `night/report`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from heapq import nsmallest
from itertools import chain, islice
from typing import NamedTuple

from chalicelib.kernel.access.principal import Principal, is_admin, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.explanation.likeness import likeness
from chalicelib.kernel.explanation.place import title, title_of
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.kernel.projects.project import Project
from chalicelib.kernel.releases.named_release import named_release
from chalicelib.kernel.releases.search import words_of
from chalicelib.use_cases.installation.task_namespaces import find_task_namespace
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Listing, Page
from chalicelib.use_cases.projects.projects import recent_projects
from chalicelib.use_cases.releases.links import readable
from slipway_formats.frozen import frozen

MOST_PROJECTS = 50
"""Projects whose pipelines are looked through; of more, those whose project is typed before them: `shop/del`."""

MOST_RUNS = 200
"""Runs of a project, the newest, among which a number is looked for: of open ones and of ended ones so many each."""

PROJECTS_OF_RUNS = 3
PROJECTS_OF_TRAINS = 2
MOST_TRAINS = MOST_TASKS = 50
"""Of a project, of a namespace: the newest."""

MOST_HITS = 100
"""Applications with a word that begins as the longest that is typed."""

MOST_PEOPLE = 8
LONGEST = 200
"""Characters that are looked for."""

RUN_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
LAST = "\U0010ffff"


class NameKind(StrEnum):
    """What is found, in the order in which alike names stand."""

    RUN = "run"
    PROJECT = "project"
    PIPELINE = "pipeline"
    ENVIRONMENT = "environment"
    RELEASE = "release"
    APPLICATION = "application"
    TRAIN = "train"
    TASK = "task"
    PERSON = "person"


KINDS = tuple(NameKind)


@frozen
class SearchNames:
    """Query: names. text: what somebody has typed. most: so many, the best."""

    by: Principal
    text: str
    most: int = 8


class Named(NamedTuple):
    """What may be found, of which there are thousands at each key. Its fields are those of FoundName."""

    kind: NameKind
    name: str
    project: str
    own: str = ""


@frozen
class FoundName:
    """Something with a name. name: as people type it. project: of it; of an application or a release, its namespace.

    own: its name in there; of a run, train or task, its id; of a release, its application. likeness: the less, the
    better the name fits.
    """

    kind: NameKind
    name: str
    project: str = ""
    own: str = ""
    likeness: int = 0


def search_names(ports: Ports, query: SearchNames) -> Sequence[FoundName]:
    """Return what has a name like what is typed, best first; nothing for no text."""
    text = query.text.strip()[:LONGEST]
    if not text or not text.isprintable():
        return ()
    projects = recent_projects(ports, query.by)
    named = _runs(ports, text, projects) if "#" in text else _named(ports, query.by, text, projects)
    by_id = ((0, one) for one in (*_run_by_id(ports, query.by, text.upper()), *_release(ports, query.by, text)))
    best = nsmallest(query.most, {*by_id, *_alike(text, named)}, key=_place)
    return [_found(fits, one) for fits, one in best]


def _found(fits: int, of: Named) -> FoundName:
    return FoundName(kind=of.kind, name=of.name, project=of.project, own=of.own, likeness=fits)


def _place(one: tuple[int, Named]) -> tuple[int, int, int, str]:
    fits, of = one
    return fits, KINDS.index(of.kind), len(of.name), of.name


def _alike(text: str, names: Iterable[Named]) -> Iterator[tuple[int, Named]]:
    for one in names:
        if (fits := likeness(text, one.name)) is not None:
            yield fits, one


def _named(ports: Ports, by: Principal, text: str, projects: Sequence[Project]) -> Iterator[Named]:
    people = _people(ports, text) if is_admin(by) and text.isascii() else ()
    pipelines = _pipelines(ports, text, projects)
    placed = chain(_trains(ports, text, projects), _tasks(ports, by, text)) if "/" in text else ()
    return chain(_projects(projects), pipelines, _applications(ports, by, text), placed, people)


def _projects(projects: Sequence[Project]) -> Iterator[Named]:
    for project in projects:
        yield Named(NameKind.PROJECT, project.name, project.name)
        for own in project.environments:
            yield Named(NameKind.ENVIRONMENT, f"{project.name}/{own}", project.name, own)


def _pipelines(ports: Ports, text: str, projects: Sequence[Project]) -> Iterator[Named]:
    for project in _named_before(text, projects)[:MOST_PROJECTS]:
        for own in ports.definitions.recent_names(project.name, DefinitionKind.PIPELINE):
            yield Named(NameKind.PIPELINE, f"{project.name}/{own}", project.name, own)


def _named_before(text: str, projects: Sequence[Project]) -> Sequence[Project]:
    """Return the projects whose name is typed before a slash; all without one."""
    before, slash, _ = text.rpartition(":")[2].partition("/")
    return [one for one in projects if not slash or before.strip().casefold() in one.name.casefold()]


def _runs(ports: Ports, text: str, projects: Sequence[Project]) -> Iterator[Named]:
    for project in _projects_of_runs(ports, text.partition("#")[0], projects):
        for is_open in (True, False):
            listing = Listing(project=project, is_open=is_open, chunk=MOST_RUNS)
            for one in islice(ports.runs.summaries(listing), MOST_RUNS):
                yield Named(NameKind.RUN, title(one.definition, one.number), project, one.id)


def _projects_of_runs(ports: Ports, text: str, projects: Sequence[Project]) -> Sequence[str]:
    """Return in which projects a run is looked for: those named before the slash, or with a pipeline called so."""
    if "/" in text:
        return sorted((one.name for one in _named_before(text, projects)), key=len)[:PROJECTS_OF_RUNS]
    pipelines = sorted(_alike(text, _pipelines(ports, text, projects)), key=_place)
    return list(dict.fromkeys(one.project for _, one in pipelines))[:PROJECTS_OF_RUNS]


def _run_by_id(ports: Ports, by: Principal, run_id: str) -> Iterator[Named]:
    run = ports.runs.find_run(run_id) if RUN_ID.fullmatch(run_id) else None
    plan = ports.runs.plan(run.plan) if run is not None else None
    if plan is not None and may(by, Level.READ, plan.definition.project):
        yield Named(NameKind.RUN, title_of(plan), plan.definition.project, run_id)


def _release(ports: Ports, by: Principal, text: str) -> Iterator[Named]:
    key = named_release(text)
    if key is not None and readable(ports, [key.namespace], by) and ports.releases.find_release(key) is not None:
        yield Named(NameKind.RELEASE, text, key.namespace, key.application)


def _applications(ports: Ports, by: Principal, text: str) -> Iterator[Named]:
    words = words_of(text)
    hits = ports.search.hits(max(words, key=len), MOST_HITS) if words else ()
    units = dict.fromkeys((one.namespace, one.application) for one in hits)
    visible = readable(ports, [namespace for namespace, _ in units], by) if units else ()
    for namespace, own in units:
        if namespace in visible:
            yield Named(NameKind.APPLICATION, f"{namespace}/{own}", namespace, own)


def _trains(ports: Ports, text: str, projects: Sequence[Project]) -> Iterator[Named]:
    """Yield trains of the projects that are named before the slash, of the application that is called as they are."""
    named = sorted((one.name for one in _named_before(text, projects)), key=len)
    for project in named[:PROJECTS_OF_TRAINS]:
        for one in ports.trains.of_application(project, project, Page(size=MOST_TRAINS)):
            if one.is_planned:
                yield Named(NameKind.TRAIN, f"{project}/{one.number}", project, str(one.id))


def _tasks(ports: Ports, by: Principal, text: str) -> Iterator[Named]:
    """Yield tasks of the namespace that is named before the slash."""
    place = find_task_namespace(ports, text.partition("/")[0].strip())
    if place is None or not may(by, Level.READ, place.project):
        return
    for one in ports.workloads.of_environment(place.project, place.environment, Page(size=MOST_TASKS)):
        yield Named(NameKind.TASK, f"{place.title}/{one.name}", place.project, one.id)


def _people(ports: Ports, text: str) -> Iterator[Named]:
    """Yield people whose names begin so: one page of their list."""
    just_before = f"{text[:-1]}{chr(ord(text[-1]) - 1)}{LAST}"
    for one in ports.access.users(Page(size=MOST_PEOPLE, after=just_before)):
        yield Named(NameKind.PERSON, one.name, "", one.name)
