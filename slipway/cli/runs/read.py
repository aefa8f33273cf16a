"""Read runs from the API: find one by name, with its child runs, or list them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.places.paths import build_path, job_path, pipeline_path, project_path
from slipway.cli.runs.held import with_reasons
from slipway.cli.runs.kinds import ALIASES, KINDS
from slipway.cli.runs.view import Family, RunView, run_view
from slipway.client import Client, segment
from slipway.client_error import ApiError

MAX_DEPTH = 8
"""How many levels of child runs are read."""

PAGE = 50
LARGEST_PAGE = 200
PAUSE = 0.2
MAX_SOUGHT = 2000
"""How many runs are searched for a name."""

_NAMED = re.compile(
    rf"(?:(?P<kind>{'|'.join((*KINDS, *ALIASES))}):)?(?P<project>[^/#]+)/(?P<name>[^#]+?)(?:#(?P<number>\d{{1,9}}))?"
)
_UNSEEN = (403, 404)


def run_id(api: Client, reference: str) -> str:
    """The id of the run that `reference` names: an id, `project/pipeline` for the latest, or `project/pipeline#12`.

    Runs of builds and deployment jobs go by `build:project/environment/name` and `deployment-job:…`; the kind may be
    left out where there is only one of that name. Those of the Deploy API go by `task:…` and `task-pipeline:…`.

    Faults: CommandError, ApiError.
    """
    named = _NAMED.fullmatch(reference)
    if named is None:
        if "/" in reference or "#" in reference:
            raise CommandError(
                f"{reference} names no run",
                "write its id, PROJECT/PIPELINE or PROJECT/PIPELINE#12",
                code=ExitCode.USAGE,
            )
        return reference
    number = int(named["number"]) if named["number"] else None
    of_kinds = (_of_kind(api, kind, named["project"], named["name"], number) for kind in _kinds(named))
    found = [shown for shown in of_kinds if shown is not None]
    if len(found) > 1:
        both = " or ".join(run_view(shown).title for shown in found)
        raise CommandError(f"{reference} names two runs", f"say which: {both}", code=ExitCode.USAGE)
    if found:
        return str(found[0]["id"])
    wanted = f"run #{number}" if number is not None else "run"
    raise CommandError(
        f"no {wanted} of {named['name']} in project {named['project']}",
        f"see what there is with `slipway run list -p {named['project']}`",
        code=ExitCode.NOT_FOUND,
        call=f"GET {_definition(named)}",
    )


def _definition(named: re.Match[str]) -> str:
    """The path of what a run is of."""
    environment, _, name = named["name"].partition("/")
    match _kinds(named):
        case ("pipeline",):
            return pipeline_path(named["project"], named["name"])
        case ("build",):
            return build_path(named["project"], environment, name)
        case ("task",) | ("task-pipeline",):
            return project_path(named["project"])
        case _:
            return job_path(named["project"], environment, name)


def run_id_within(api: Client, reference: str, seconds: float) -> str:
    """Like run_id, but wait up to `seconds` for the run to be created. Faults: as run_id."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            found = run_id(api, reference)
        except CommandError as error:
            if error.code is not ExitCode.NOT_FOUND or time.monotonic() > deadline:
                raise
            time.sleep(PAUSE)
        else:
            return found


def list_runs(api: Client, project: str, kind: str) -> Iterator[Mapping[str, Any]]:
    """The runs of a project as the API shows them, newest first, page by page."""
    after = ""
    while True:
        query = {"kind": kind, "page_size": str(PAGE), **({"page_from": after} if after else {})}
        page = api.get(f"/api/v1/projects/{segment(project)}/runs", **query)
        yield from page
        if len(page) < PAGE:
            return
        after = str(page[-1]["id"])


def find_runs(api: Client, filters: Mapping[str, str], limit: int) -> list[dict[str, Any]]:
    """Summaries of the runs that the filters find, newest first: one request, unless the limit is over a page."""
    found: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None and len(found) < limit:
        size = str(min(limit - len(found), LARGEST_PAGE))
        page = api.get("/api/v1/runs", **filters, page_size=size, **({"page_from": after} if after else {}))
        found.extend(page["items"])
        after = page["next"]
    return found


def shown_run(api: Client, run: str, *, explained: bool = False, timed: bool = False) -> Mapping[str, Any]:
    """The run as the API shows it. explained: with what holds it. timed: with times of its jobs. Faults: ApiError."""
    more = {name: "true" for name, is_wanted in (("explain", explained), ("times", timed)) if is_wanted}
    shown: Mapping[str, Any] = api.get(f"/api/v1/runs/{segment(run)}", **more)
    return shown


class FamilyReader:
    """Reads a run with its child runs. A child that ended with its step is read only once and cached.

    timed: with the times of their jobs.
    """

    def __init__(self, api: Client, run: str, *, timed: bool = False) -> None:
        self._api, self._run, self._timed = api, run, timed
        self._ended: dict[str, RunView] = {}

    def read(self, *, explained: bool = False) -> Family:
        """The present state of the run and its child runs. explained: with what holds them. Faults: ApiError."""
        shown = shown_run(self._api, self._run, explained=explained, timed=self._timed)
        top = run_view(shown)
        children: dict[str, RunView] = {}
        self._descend(top, children, MAX_DEPTH)
        family = Family(run=top, children=children, shown=shown)
        return with_reasons(family, (shown.get("explain") or {}).get("holds") or ()) if explained else family

    def _descend(self, run: RunView, found: dict[str, RunView], depth: int) -> None:
        wanted = [(node.child, node.is_final) for stage in run.stages for node in stage.nodes if node.child]
        for child, settled in wanted if depth else ():
            seen = None if child in found else self._child(child, settled=settled)
            if seen is not None:
                found[child] = seen
                self._descend(seen, found, depth - 1)

    def _child(self, run: str, *, settled: bool) -> RunView | None:
        if run in self._ended:
            return self._ended[run]
        try:
            seen = run_view(shown_run(self._api, run, timed=self._timed))
        except ApiError as error:
            if error.status in _UNSEEN:
                return None
            raise
        if settled and seen.is_final:
            self._ended[run] = seen
        return seen


def _kinds(named: re.Match[str]) -> tuple[str, ...]:
    if named["kind"]:
        return (ALIASES.get(named["kind"], named["kind"]),)
    return ("deployment-job", "build") if "/" in named["name"] else ("pipeline",)


def _of_kind(api: Client, kind: str, project: str, name: str, number: int | None) -> Mapping[str, Any] | None:  # noqa: PLR0917 - parts of one reference
    environment, _, rest = name.partition("/")
    place = (environment, rest) if rest else ("", name)
    for shown in islice(list_runs(api, project, kind), MAX_SOUGHT):
        is_it = (shown["environment"], shown["name"]) == place and shown.get("kind", kind) == kind
        if is_it and number in (None, shown["run_nr"]):
            return shown
    return None
