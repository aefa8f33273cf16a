"""What git is given to get at a repository, and who sees it: real git, a host on loopback, a stand-in of ssh."""

from __future__ import annotations

import os
from pathlib import Path

from tests.slipway.http import Asked, Say, web
from tests.slipway.runner.conftest import Start
from tests.slipway.runner.platform import Platform
from tests.slipway.runner.repositories import STEP, commit
from tests.slipway.runner.warehouse import Warehouse


def test_paths_are_refused_where_the_runner_is_not_set_to_build_them(
    platform: Platform, start: Start, repository: Path
) -> None:
    jobs = [
        platform.add("build", repository=url, branch="main", steps=[STEP])
        for url in (str(repository), f"file://{repository}", f"ext::sh -c touch% {repository}/x", "--upload-pack=x")
    ]

    start()
    platform.await_end(*jobs)

    assert {job.outcome for job in jobs} == {"broken"}
    assert not (repository / "x").exists()


def test_a_password_goes_to_its_host_alone_and_into_no_log(platform: Platform, start: Start) -> None:
    seen: list[str] = []

    def answer(asked: Asked) -> Say:
        seen.append(asked.headers.get("Authorization", ""))
        return Say(status=401, headers={"WWW-Authenticate": 'Basic realm="git"'})

    with web() as host, web() as other:
        host.answer = answer
        url = host.address.replace("http://", "http://ann:open-sesame@")
        job = platform.add("build", repository=f"{url}/a.git", branch="main", steps=[STEP])
        other.answer = answer
        host_only = platform.add(
            "build", repository=f"{host.address}/b.git", branch="", steps=[STEP], username="ann", password="open-sesame"
        )
        start()
        platform.await_end(job, host_only)

    assert (job.outcome, host_only.outcome) == ("broken", "broken")
    assert "Basic YW5uOm9wZW4tc2VzYW1l" in seen
    for one in (job, host_only):
        assert "open-sesame" not in "".join([*one.said, one.ending["reason"]])


def test_a_redirect_does_not_get_the_password(platform: Platform, start: Start) -> None:
    with web() as host, web() as other:
        host.answer = lambda asked: Say(status=301, headers={"Location": f"{other.address}{asked.target}"})
        other.answer = lambda _: Say(status=401, headers={"WWW-Authenticate": 'Basic realm="git"'})
        job = platform.add(
            "build", repository=f"{host.address}/b.git", branch="", steps=[STEP], username="ann", password="open-sesame"
        )
        start()
        platform.await_end(job)
        assert other.asked
        assert not any("Authorization" in asked.headers for asked in other.asked)


SSH = """#!/bin/sh
while [ $# -gt 2 ]; do
    [ "$1" = -i ] && { stat -c %a "$2"; cat "$2"; echo "$2"; } >> $SEEN
    shift
done
env >> $SEEN
exec sh -c "$2"
"""


def test_a_private_key_is_in_a_file_only_while_it_is_used(
    platform: Platform, start: Start, repository: Path, tmp_path: Path, warehouse: Warehouse
) -> None:
    seen, tools = tmp_path / "seen", tmp_path / "tools"
    tools.mkdir()
    (tools / "ssh").write_text(SSH.replace("$SEEN", str(seen)))
    (tools / "ssh").chmod(0o755)
    job = platform.add(
        "build", repository=f"git@host:{repository}", branch="main", steps=[STEP], private_key="BEGIN\nKEY\nEND"
    )

    start(own={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"})
    platform.await_end(job)

    mode, *key, file = seen.read_text().splitlines()[:5]
    assert (job.outcome, mode, key) == ("succeeded", "600", ["BEGIN", "KEY", "END"]), job.said
    assert not Path(file).exists()
    assert "SLIPWAY_GIT_KEY" not in seen.read_text()
    assert warehouse.inventory.packages


def test_scripts_of_a_build_do_not_see_its_secrets(
    platform: Platform, start: Start, repository: Path, warehouse: Warehouse
) -> None:
    commit(repository, "second", build_sh="#!/bin/sh\nenv; grep -r 'open-[s]esame' $HOME && exit 1; exit 0\n")
    job = platform.add(
        "build", repository=str(repository), branch="main", steps=[STEP], password="open-sesame",
        private_key="KEY-open-sesame",
    )  # fmt: skip

    start(local_repositories=True)
    platform.await_end(job)

    assert job.outcome == "succeeded", job.said
    assert not any(line.startswith("SLIPWAY_GIT") or "sw_job" in line for line in job.said)
    assert warehouse.inventory.packages
