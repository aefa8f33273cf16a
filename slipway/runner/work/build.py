"""Perform a job of kind `build`: check out a repository and make releases from its plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from slipway.perform import build, steps
from slipway.perform.build import BuildResult, Checkout
from slipway.perform.git_program import Origin
from slipway.plan.git import revision_of
from slipway.plan.release import Revision
from slipway.runner import job_fields as ask_fields
from slipway.runner.git import access, repository
from slipway.runner.git.checkout import check_out, fetched
from slipway.runner.git.repository import Source
from slipway.runner.job_records import Ending
from slipway.runner.verdict import JobFieldsError, judge
from slipway.runner.work import outputs
from slipway.runner.work.toolbox import job_tools
from slipway.runner.workspace import Workspace
from slipway_formats.build_step import BuildStep

_LONGEST: Mapping[str, int] = {"revision": 100, "branch": 300, "author": 300, "message": 2000}


def perform(workspace: Workspace) -> Ending:
    """Perform the build. The ending holds the commit, also after a failure. Faults: as verdict.judge."""
    ask = workspace.job.ask
    source = repository.read(ask, local=workspace.settings.local_repositories)
    workspace.log.hide((source.password, source.private_key))
    wanted = _steps(ask)
    with access.private_folder(workspace) as private:
        return _checked_out_and_built(source, wanted, private, workspace)


def _checked_out_and_built(
    source: Source, wanted: tuple[BuildStep, ...] | None, private: Path, workspace: Workspace
) -> Ending:
    plain = access.plain_environment(workspace.environment, private)
    known_hosts, local = workspace.settings.work / "known_hosts", workspace.settings.local_repositories
    credential = access.environment(source, plain, private, known_hosts=known_hosts, local=local)
    store = fetched(source, private / "repository", credential, workspace)
    folder = check_out(source, store, plain, workspace)
    # Asked once, before any program of the job can write to the checkout.
    revision = revision_of(folder, plain)
    revision = replace(revision, branch=revision.branch or source.branch)
    checkout = Checkout(folder=folder, revision=revision, origin=Origin(git=store, commit=revision.revision))
    try:
        ending = _built(wanted, checkout, workspace)
    except Exception as error:  # noqa: BLE001 - the commit is reported after any failure
        ending = judge(workspace, error)
    return replace(ending, commit=_commit(revision))


def _built(wanted: tuple[BuildStep, ...] | None, checkout: Checkout, workspace: Workspace) -> Ending:
    changed = ask_fields.some_texts(workspace.job.ask, "changed_files")
    token = ask_fields.some_text(workspace.job.ask, "token") or workspace.job.access_token
    with job_tools(workspace, token) as tools:
        results = build.release(wanted, checkout, tools.site, tools.toolbox, changed_files=changed)
    return _ending(results, workspace)


def _ending(results: tuple[BuildResult, ...], workspace: Workspace) -> Ending:
    if not results:
        return Ending(outcome="succeeded", reason="no changed file asks for a step")
    # An ending holds one release: the last that was made.
    made = [result for result in results if not result.skipped] or results
    written = {name: value for result in results for name, value in result.outputs.items()}
    release = made[-1].release_id
    reason = "; ".join(result.skipped for result in results if result.skipped)
    return Ending(
        outcome="succeeded", reason=reason, release=release, outputs=outputs.fitting(written, release, workspace.log)
    )


def _steps(ask: Mapping[str, Any]) -> tuple[BuildStep, ...] | None:
    """The build steps; None if the repository defines them. Faults: JobFieldsError, PlanError."""
    if ask.get("steps_from_yml"):
        return None
    raw = ask.get("steps")
    if not isinstance(raw, list) or not all(isinstance(step, dict) for step in raw):
        raise JobFieldsError("steps is not a list of mappings")
    if not raw:
        raise JobFieldsError("steps: there is none to do")
    return tuple(steps.read(step, f"steps[{place}]") for place, step in enumerate(raw))


def _commit(revision: Revision) -> Mapping[str, str]:
    known = {
        "revision": revision.revision,
        "branch": revision.branch,
        "author": revision.author,
        "message": revision.message,
    }
    return {name: text[: _LONGEST[name]] for name, text in known.items()} if revision.revision else {}
