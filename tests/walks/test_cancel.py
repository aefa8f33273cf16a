"""A cancel in whatever phase of a job: it ends, no process of it is left, and only then is its environment free."""

import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.walks.api import Json, eventually, node, script, told
from tests.walks.site import Site

PROJECT, POOL = "stops", "stops"
STAGES = ("build", "test", "deploy", "smoke", "destroy")
HANGS = (*STAGES, "tag")
BUILDS = f"/api/v1/state/{PROJECT}/environments/staging/builds"
# Seven builds begin at once; a heartbeat tells of the cancel, 5 s go by before what does not listen is killed; and the
# machine may be slow.
PATIENCE = 120.0

PLAN = """name: walks/hang
version: 0.1.@
includes: [hang, stage.sh]
build: build.sh
test: test.sh
deploy: deploy.sh
smoke: smoke.sh
destroy: destroy.sh
"""
STAGE = """#!/bin/sh
[ "$1" = "$(cat hang)" ] || exit 0
setsid sleep 600 &
sleep 600 &
touch {folder}/at-$1
sleep 600
"""
QUIET = "setsid sleep 600 & sleep 600 & touch {folder}/at-quiet; sleep 600"
STUBBORN = """
trap '' TERM
touch {folder}/at-stubborn
while :; do date +%s.%N >> {folder}/stubborn.txt; sleep 0.05; done
"""


@dataclass(kw_only=True)
class Seen:
    """What was at work, by name: how many processes before, the run when it had ended, and what was left then.

    stopping: how far the stubborn step and the run behind it were just after the cancel. behind: that run at its end.
    """

    before: dict[str, int] = field(default_factory=dict)
    ended: dict[str, Json] = field(default_factory=dict)
    left: dict[str, list[psutil.Process]] = field(default_factory=dict)
    stopping: tuple[str, str] = ("", "")
    behind: Json = field(default_factory=dict)


@pytest.fixture(scope="module")
def seen(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Jobs in all their phases, cancelled at once."""
    site.project(PROJECT, "staging", "production")
    site.post(f"/api/v1/state/{PROJECT}/add-namespace", {"name": "walks"})
    site.runner("stops", POOL)
    with deaf() as address:
        runs = {**scripts(site), **builds(site, tmp_path_factory.mktemp("git"), address)}
        behind = site.trigger(PROJECT, "stubborn")
        site.until(behind, lambda run: run["stages"][0]["phase"] == "waiting-lock")
        told = Seen(before={name: at_work(site, name, run) for name, run in runs.items()})
        (site.folder / "enough").touch()
        # The stubborn one last: it is looked at before the 5 s are over that it has.
        for name, run in sorted(runs.items(), key=lambda one: one[0] == "stubborn"):
            cancel(site, name, run)
        stubborn = node(site.run(runs["stubborn"]), "work")["phase"]
        told.stopping = stubborn, site.run(behind)["stages"][0]["phase"]
        for name, run in sorted(runs.items()):
            told.ended[name] = site.ended(run, PATIENCE)
            told.left[name] = site.processes_of(run)
    told.behind = site.ended(behind, PATIENCE)
    return told


def scripts(site: Site) -> Mapping[str, str]:
    """A run that nobody takes up, one that is at work, and one that does not listen, where only one may be."""
    (site.folder / "stubborn.txt").touch()
    stubborn = f"[ -e {site.folder}/enough ] && date +%s.%N > {site.folder}/behind.txt && exit 0\n" + STUBBORN
    phases: Mapping[str, Json] = {
        "unleased": {"steps": [script("work", "true", pool="nobody")]},
        "quiet": {"steps": [script("work", QUIET.format(folder=site.folder), pool=POOL)]},
        "stubborn": {
            "environment": "production",
            "exclusive": True,
            "steps": [script("work", stubborn.format(folder=site.folder), pool=POOL)],
        },
    }
    for name, phase in phases.items():
        site.pipeline(PROJECT, name, [{"name": "only", **phase}])
    return {name: site.trigger(PROJECT, name) for name in phases}


def builds(site: Site, folder: Path, address: str) -> Mapping[str, str]:
    """Builds that hang in one stage each, and one whose repository never answers."""
    origin = repository(site, folder)
    repositories = {"origin": str(origin), "deaf": f"{address}/deaf.git"}
    for name, url in repositories.items():
        site.post(f"/api/v1/state/{PROJECT}/repositories/add-repository", {"name": name, "url": url})
    wanted = {"clone": ("deaf", "main"), **{stage: ("origin", stage) for stage in HANGS}}
    for name, (repo, branch) in wanted.items():
        step = {"plan_location": "escape.yml", "tag_git": name == "tag"}
        body = {"name": name, "repo": repo, "branch": branch, "steps": [step]}
        site.post(f"{BUILDS}/", body)
    return {name: site.post(f"{BUILDS}/by-name/{name}/trigger-build")["id"] for name in wanted}


def repository(site: Site, folder: Path) -> Path:
    """A git repository with a branch for each stage, in which that stage hangs; it never takes a tag."""
    git = partial(subprocess.run, cwd=folder, check=True, capture_output=True)
    git(["git", "init", "--quiet", "--initial-branch=main"])
    (folder / "escape.yml").write_text(PLAN)
    (folder / "stage.sh").write_text(STAGE.format(folder=site.folder))
    for stage in STAGES:
        (folder / f"{stage}.sh").write_text(f"#!/bin/sh\nsh ./stage.sh {stage}\n")
        (folder / f"{stage}.sh").chmod(0o755)
    hook = folder / ".git" / "hooks" / "update"
    hook.write_text(f"#!/bin/sh\n{QUIET.format(folder=site.folder).replace('at-quiet', 'at-tag')}\n")
    hook.chmod(0o755)
    for stage in HANGS:
        git(["git", "checkout", "--quiet", "-B", stage])
        (folder / "hang").write_text(stage)
        git(["git", "add", "--all"])
        author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
        git(["git", *author, "commit", "--quiet", "--message", f"Hang in {stage}"])
    return folder


@contextmanager
def deaf() -> Iterator[str]:
    """An address where somebody listens and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def at_work(site: Site, name: str, run: str) -> int:
    """How many processes a run has, as soon as it is where it is to be cancelled."""
    if name == "unleased":
        site.until(run, lambda run: node(run, "work")["phase"] == "queued")
        return 0
    if name == "clone":
        return len(eventually(lambda: [one for one in site.processes_of(run) if "git" in one.name()]))
    eventually((site.folder / f"at-{name}").exists, PATIENCE)
    return len(eventually(lambda: site.processes_of(run)))


def cancel(site: Site, name: str, run: str) -> None:
    """The run told to stop, in the words of State."""
    of = f"/api/v1/pipelines/by-project/{PROJECT}" if name in ("unleased", "quiet", "stubborn") else BUILDS
    site.post(f"{of}/by-name/{name}/executions/{run}/cancel")


@pytest.mark.parametrize("name", ["unleased", "quiet", "stubborn", "clone", *HANGS])
def test_a_cancelled_run_ends_and_leaves_no_process(seen: Seen, name: str) -> None:
    run = seen.ended[name]

    assert run["phase"] == "cancelled", told(run)
    assert seen.left[name] == []
    assert (seen.before[name] > 0) == (name != "unleased")


def test_the_environment_is_kept_from_others_while_a_step_is_stopping_there(seen: Seen) -> None:
    assert seen.stopping == ("stopping", "waiting-lock")


def test_the_next_run_enters_when_the_last_process_of_the_cancelled_one_is_dead(seen: Seen, site: Site) -> None:
    last, first = float(site.lines("stubborn.txt")[-1]), float(site.lines("behind.txt")[0])

    assert seen.behind["phase"] == "succeeded", told(seen.behind)
    assert first > last


def test_a_cancel_of_what_has_ended_is_refused(seen: Seen, site: Site) -> None:
    refused = site.act(seen.ended["quiet"]["id"], "cancel")

    assert (refused.status, refused.json["message"]) == (409, "the run has ended: cancelled")


def test_no_work_folder_of_the_cancelled_is_left(seen: Seen, site: Site) -> None:
    ids = tuple(run["id"] for run in seen.ended.values())

    eventually(lambda: not [one for one in (site.home / "work").iterdir() if one.name.startswith(ids)])
