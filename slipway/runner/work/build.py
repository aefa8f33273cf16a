"""Doing a job of the kind `build`: a repository checked out, and its plans made into releases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slipway.perform import build, steps
from slipway.perform.build import BuildResult, Checkout
from slipway.plan.git import revision_of
from slipway.plan.release import Revision
from slipway.runner import ask_fields as asking
from slipway.runner.git import access as git_access
from slipway.runner.git import repository
from slipway.runner.git.checkout import check_out
from slipway.runner.jobs import Ending
from slipway.runner.verdict import AskError, judge
from slipway.runner.work import outputs
from slipway.runner.work.toolbox import outfit
from slipway.runner.workspace import Bay
from slipway_formats.build_step import BuildStep

_LONGEST: Mapping[str, int] = {"revision": 100, "branch": 300, "author": 300, "message": 2000}


def perform(bay: Bay) -> Ending:
    """Build what the ask names; how it ended tells the commit, also when it failed. Faults: as verdict.judge."""
    ask, local = bay.job.ask, bay.settings.local_repositories
    source = repository.read(ask, local=local)
    bay.log.hide(secret for secret in (source.password, source.private_key) if secret)
    wanted = _steps(ask)
    environment = git_access.environment(
        source, bay.environment, bay.folder / ".git-access", known_hosts=bay.settings.work / "known_hosts", local=local
    )
    checkout = Checkout(folder=bay.folder / "source", branch=source.branch, environment=environment)
    check_out(source, checkout.folder, environment, bay)
    commit = _commit(revision_of(checkout.folder, environment), source.branch)
    try:
        ending = _built(wanted, checkout, bay)
    except Exception as error:  # noqa: BLE001 - whatever it was, the commit is to be told
        ending = judge(bay, error)
    return replace(ending, commit=commit)


def _built(wanted: tuple[BuildStep, ...] | None, checkout: Checkout, bay: Bay) -> Ending:
    changed = asking.some_texts(bay.job.ask, "changed_files")
    token = asking.some_text(bay.job.ask, "token") or bay.job.access_token
    with outfit(bay, token) as tools:
        results = build.release(wanted, checkout, tools.site, tools.bench, changed_files=changed)
    return _ending(results, bay)


def _ending(results: tuple[BuildResult, ...], bay: Bay) -> Ending:
    if not results:
        return Ending(outcome="succeeded", reason="no changed file asks for a step")
    # One release can be told: the last that was made.
    made = [result for result in results if not result.skipped] or results
    written = {name: value for result in results for name, value in result.outputs.items()}
    release = made[-1].release_id
    reason = "; ".join(result.skipped for result in results if result.skipped)
    return Ending(
        outcome="succeeded", reason=reason, release=release, outputs=outputs.fitting(written, release, bay.log)
    )


def _steps(ask: Mapping[str, Any]) -> tuple[BuildStep, ...] | None:
    """The steps of the ask; None when the repository says them. Faults: AskError, PlanError."""
    if ask.get("steps_from_yml"):
        return None
    raw = ask.get("steps")
    if not isinstance(raw, list) or not all(isinstance(step, dict) for step in raw):
        raise AskError("steps is not a list of mappings")
    if not raw:
        raise AskError("steps: there is none to do")
    return tuple(steps.read(step, f"steps[{place}]") for place, step in enumerate(raw))


def _commit(revision: Revision, branch: str) -> Mapping[str, str]:
    known = {
        "revision": revision.revision,
        "branch": revision.branch or branch,
        "author": revision.author,
        "message": revision.message,
    }
    return {name: text[: _LONGEST[name]] for name, text in known.items()} if revision.revision else {}
