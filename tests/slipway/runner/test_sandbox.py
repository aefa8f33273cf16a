"""What a job in a sandbox finds of its machine: its folder, and nothing that is not its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from slipway.runner.sandbox.choice import NoSandboxError, Wanted, chosen, defect_of
from slipway.runner.sandbox.walls import Kind, Sandbox, View, scratch_of, view_of
from tests.slipway.runner.conftest import Launch, Start
from tests.slipway.runner.platform import SOON, FakeJob, Platform
from tests.slipway.runner.repositories import STEP, commit, git
from tests.slipway.runner.test_life import until
from tests.slipway.runner.warehouse import Warehouse


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The platform's, where the runner works too."""
    for name in ("admin-token", "runner-token", "work/other-1/key"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"secret of {name}")
    return tmp_path


def seen_at(home: Path) -> View:
    """What a runner's jobs see of the machine. home: the platform's."""
    return view_of(home, (home / "work", home / "runner-token"), {**os.environ, "HOME": str(home / "person")}, ())


@pytest.fixture(scope="module", params=[Kind.UNSHARE, Kind.BUBBLEWRAP])
def kind(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Kind:
    """Each kind that works here; there are machines without."""
    tried: Kind = request.param
    home = tmp_path_factory.mktemp("tried")
    (home / "work").mkdir()
    if why := defect_of(tried, seen_at(home), home / "work"):
        pytest.skip(why)
    return tried


@pytest.fixture
def sandbox(home: Path, kind: Kind) -> Sandbox:
    return Sandbox(kind=kind, view=seen_at(home))


@pytest.fixture
def confined(platform: Platform, start: Start, sandbox: Sandbox) -> Confined:
    """Run a script in it."""
    return Confined(platform, start, sandbox)


class Confined:
    """Runs scripts in a sandbox."""

    def __init__(self, platform: Platform, start: Start, sandbox: Sandbox) -> None:
        self.platform = platform
        self.sandbox = sandbox
        self.runner = start(sandbox=sandbox)

    def __call__(self, text: str, **ask: object) -> FakeJob:
        job = self.platform.script(text, None, "web", **ask)
        self.platform.await_end(job)
        return job


def test_no_file_of_the_platform_is_there(confined: Confined, home: Path) -> None:
    looked = f"{home} {home}/work/other-1 ../.. ../other-1 /proc/$PPID/cwd/../.. /proc/1/root{home}"
    files = "for file in admin-token runner-token key; do cat $place/$file; done"
    job = confined(f"exec 2>&1; for place in {looked}; do {files}; done; ls -A {home}")

    assert not any("secret" in line for line in job.said), job.said
    assert job.said[-1] == "work"


def test_a_job_writes_its_own_folder_and_its_own_tmp_alone(confined: Confined) -> None:
    outside = ["/etc", "/usr/local", "/var", "/run", "/dev", "/sys", "/proc/sys/kernel", str(Path.cwd()), "/root", "/"]
    tried = "".join(f"touch {place}/.slipway-test && echo wrote {place}\n" for place in outside)

    job = confined(f"set +e\n{tried}echo x > mine; echo x > /tmp/mine; echo x > ~/too; ls -A ~ /tmp; pwd; echo $HOME")

    said = [line for line in job.said if "touch" not in line]
    assert not [line for line in said if line.startswith("wrote")]
    assert {"mine", "too"} <= set(said)
    assert said[-1] == said[-2]


def test_what_one_program_writes_to_tmp_the_next_finds_and_no_other_job(confined: Confined) -> None:
    first = confined("echo kept > /tmp/kept && sh -c 'cat /tmp/kept'; rm -rf ~/../* 2> /dev/null; ls -a ~/..")
    second = confined("ls /tmp/kept")

    assert first.said[1] == "kept"
    assert second.outcome == "failed"


def test_other_processes_are_not_there_nor_the_runner_s_environment(confined: Confined) -> None:
    environments = "cat /proc/*/environ | tr '\\0' '\\n' | grep -c PYTEST"
    job = confined(f"ls /proc | grep -c '^[0-9]*$'; {environments}; kill -9 {os.getpid()}; true")

    numbers = [int(line) for line in job.said if line.isdigit()]
    assert numbers[0] < 10
    assert numbers[1] == 0


@pytest.mark.parametrize(
    "way",
    [
        "umount /tmp", "umount -l $HOME/..", "mount -o remount,rw /", "mount -t tmpfs x /mnt", "mount --bind / /mnt",
        "unshare -Urm umount -l $HOME/..", "unshare -Urm mount -o remount,rw /", "chroot /proc/1/root true",
        "nsenter -t 1 -m true", "mknod disk b 254 0", "setpriv --reuid 1 true", "hostname x",
        # To seize the first process of its namespace, which could let a program outlive its job.
        "python3 -c 'import ctypes; exit(ctypes.CDLL(None).ptrace(0x4206, 1, 0, 0))'",
    ],
)  # fmt: skip
def test_there_is_no_way_out(confined: Confined, way: str) -> None:
    assert confined(way).outcome == "failed"


def test_no_setting_of_the_kernel_can_be_written(confined: Confined) -> None:
    found = "-type f -writable -exec test -f {} ';' -print 2> /dev/null"
    job = confined(f"find /proc /sys -regex '/proc/[0-9]+' -prune -o {found}")

    assert job.said[1:] == []


def test_what_opens_other_doors_in_the_home_of_the_runner_s_user_is_hidden(tmp_path: Path) -> None:
    view = view_of(tmp_path, (), {"HOME": str(tmp_path / "person")}, ())

    hidden = {path.removeprefix(f"{tmp_path}/person/") for path in (*view.hidden, *view.files)}
    assert {".ssh", ".terraform.d", ".npmrc", ".m2/settings.xml", ".cargo/credentials.toml", ".gitconfig"} <= hidden


def test_a_link_in_place_of_what_is_bound_leads_nowhere(confined: Confined) -> None:
    job = confined("set +e; rm -rf ../*.tmp; ln -s / ~/.tmp; ln -s / ../x; sh -c 'touch /tmp/etc/x; ls -d /tmp/etc'")

    assert not any(line == "/tmp/etc" for line in job.said)


def test_names_resolve_and_the_network_is_there_unless_it_is_taken(confined: Confined, server_port: int) -> None:
    connect = f'import socket; socket.create_connection(("127.0.0.1", {server_port}), 5); print("reached")'
    ask = f"cat /etc/resolv.conf > /dev/null; getent hosts localhost; python3 -c '{connect}'"

    assert confined(ask).said[-1] == "reached"
    assert "reached" not in confined(ask, network=False).said


@pytest.fixture
def server_port(server: object) -> int:
    """Of something that listens on this machine."""
    return int(str(server.address).rpartition(":")[2])  # type: ignore[attr-defined]  # of the runner's API


def test_its_log_says_in_which_sandbox_a_job_is(confined: Confined) -> None:
    assert confined("true").said == [f"sandbox: {confined.sandbox.kind}"]


def test_a_stray_process_dies_with_its_job(confined: Confined, platform: Platform) -> None:
    job = confined.platform.script("setsid sleep 54321 & sleep 54321")
    platform.wait(lambda: len(_sleepers("54321")) == 2)

    job.cancel = True
    platform.await_end(job)

    until(lambda: not _sleepers("54321"))


def test_what_a_program_leaves_running_ends_with_it(sandbox: Sandbox, home: Path) -> None:
    folder, beat = home / "work" / "own", home / "work" / "own" / "beat"
    folder.mkdir()
    scratch_of(folder).mkdir()
    leaving = "setsid sh -c 'while :; do date +%s%N > beat; done' & while [ ! -s beat ]; do sleep 0.05; done; exit 7"

    ended = subprocess.run(sandbox.command(folder, ("sh", "-c", leaving)), cwd=folder, check=False, timeout=SOON)
    last = beat.read_text()
    time.sleep(0.3)

    assert (ended.returncode, beat.read_text()) == (7, last)


def test_a_runner_that_is_killed_takes_its_confined_jobs_along(
    platform: Platform, launch: Launch, sandbox: Sandbox
) -> None:
    assert sandbox.kind is not Kind.NONE
    runner = launch(SLIPWAY_SANDBOX="always")
    job = platform.script("setsid sleep 65432 & sleep 65432")
    platform.wait(lambda: len(_sleepers("65432")) == 2)

    os.kill(runner.pid, signal.SIGKILL)

    until(lambda: not _sleepers("65432"), seconds=30)
    assert job.phase == "leased"


def test_a_program_that_is_told_to_end_may_do_so_in_its_own_time(confined: Confined, platform: Platform) -> None:
    job = confined.platform.script("trap 'echo cleaned; exit 0' TERM; echo ready; while true; do sleep 0.05; done")
    platform.wait(lambda: "ready" in job.said)

    job.cancel = True
    platform.await_end(job)

    assert (job.outcome, "cleaned" in job.said) == ("cancelled", True)


def test_exit_codes_and_signals_are_told_as_ever(confined: Confined) -> None:
    reasons = [confined(text).ending["reason"] for text in ("exit 7", "kill -9 $$", "no-such-program")]

    assert reasons == ["exit code 7", "exit code 137", "exit code 127"]


def test_builds_are_confined_and_their_key_is_not_with_them(
    platform: Platform, start: Start, sandbox: Sandbox, home: Path, repository: Path, warehouse: Warehouse
) -> None:
    # The key lies in the runner's folder; all of a disk takes a minute to look through.
    find = f"find {home} /tmp /run /dev /var/tmp ../../.. -name askpass 2>/dev/null"
    looks = f"#!/bin/sh\nls -A {repository} ../../ ../../../work 2>&1\n{find}\nexit 0\n"
    commit(repository, "second", build_sh=looks)
    step = {**STEP, "tag_git": True}
    job = platform.add("build", repository=str(repository), branch="main", steps=[step], password="open-sesame")

    start(sandbox=sandbox, local_repositories=True)
    platform.await_end(job)

    assert job.outcome == "succeeded", job.said
    assert not any("askpass" in line or ".git" in line.split() for line in job.said), job.said
    assert git(repository, "tag") == "ns/app-v0.1.0"
    assert warehouse.inventory.packages


def test_what_a_script_makes_a_link_of_is_not_followed_by_us(platform: Platform, start: Start, home: Path) -> None:
    (home / "ready.json").write_text(json.dumps({"admin_token": "slp_secret"}))
    job = platform.script(f"ln -sf {home}/ready.json .escape/outputs.json")

    start()
    platform.await_end(job)

    assert (job.outcome, job.ending["reason"]) == ("failed", "'.escape/outputs.json' leaves the package")
    assert "slp_secret" not in json.dumps(job.ending)


def test_always_refuses_to_begin_where_no_sandbox_works(launch: Launch, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()

    runner = launch(SLIPWAY_SANDBOX="always", PATH=str(tools))

    assert runner.wait(60) == 5
    assert "no sandbox works here: unshare" in (tmp_path / "runner.log").read_text()


def test_auto_goes_on_without_and_each_log_says_why(platform: Platform, start: Start) -> None:
    job = platform.script("true")
    off = platform.script("true", network=False)

    start(sandbox=Sandbox(why="unshare: not permitted"))
    platform.await_end(job, off)

    assert job.said == ["sandbox: none: unshare: not permitted"]
    assert (off.outcome, "needs a sandbox" in off.ending["reason"]) == ("broken", True)


def test_never_is_no_sandbox_and_always_names_the_defect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert chosen(Wanted.NEVER, View(), tmp_path) == Sandbox()
    with pytest.raises(NoSandboxError, match="unshare: "):
        chosen(Wanted.ALWAYS, View(), tmp_path)


def test_a_folder_that_is_bound_may_be_written(
    platform: Platform, start: Start, sandbox: Sandbox, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    job = platform.script(f"echo x > {shared}/x")

    start(sandbox=Sandbox(kind=sandbox.kind, view=View(hidden=sandbox.view.hidden, binds=(str(shared),))))
    platform.await_end(job)

    assert (job.outcome, (shared / "x").read_text()) == ("succeeded", "x\n")


def _sleepers(seconds: str) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            continue
        if words[:2] == [b"sleep", seconds.encode()]:
            found.append(int(entry.parent.name))
    return found
