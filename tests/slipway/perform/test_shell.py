"""A program runs in a group of its own and can always be ended, with all that it started."""

import os
import threading
import time
from pathlib import Path

import psutil
import pytest

from slipway.perform.logs import Log, LogLine
from slipway.perform.shell import Ended, ProcessShell, Program


class Bystander:
    """Runs shell text and remembers what it said."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.stop = folder, threading.Event()
        self.lines: list[LogLine] = []
        self.log = Log(self.lines.append)

    def run(self, text: str, timeout: float | None = 10.0) -> Ended:
        program = Program(
            argv=("sh", "-c", text), folder=self.folder, environment={"PATH": os.environ["PATH"]}, timeout=timeout
        )
        return ProcessShell(self.stop, grace=0.3).run(program, self.log)

    @property
    def said(self) -> list[tuple[str, str]]:
        return [(line.stream.value, line.text) for line in self.lines]


@pytest.fixture
def by(tmp_path: Path) -> Bystander:
    return Bystander(tmp_path)


def is_alive(file: Path) -> bool:
    pid = int(file.read_text())
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def wait_for(file: Path) -> None:
    deadline = time.monotonic() + 5
    while not (file.exists() and file.read_text().strip()):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_both_streams_are_told_apart(by: Bystander) -> None:
    assert by.run("echo one; echo two >&2; printf three") == Ended(code=0)
    assert sorted(by.said) == [("err", "two"), ("out", "one"), ("out", "three")]


def test_lines_come_while_the_program_runs(by: Bystander) -> None:
    running = threading.Thread(target=by.run, args=("echo early; sleep 5",))
    running.start()
    deadline = time.monotonic() + 3
    while not by.lines:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    by.stop.set()
    running.join()
    assert by.said == [("out", "early")]


@pytest.mark.parametrize(("text", "code"), [("exit 3", 3), ("kill -9 $$", 137), ("kill -15 $$", 143)])
def test_the_code_is_as_a_shell_says_it(by: Bystander, text: str, code: int) -> None:
    assert by.run(text) == Ended(code=code)


def test_a_program_that_takes_too_long_is_ended(by: Bystander) -> None:
    ended = by.run("sleep 30", timeout=0.2)
    assert (ended.timed_out, ended.cancelled) == (True, False)


def test_a_stopped_program_is_cancelled_and_nothing_begins_after_it(by: Bystander) -> None:
    threading.Timer(0.2, by.stop.set).start()
    assert by.run("sleep 30").cancelled
    assert by.run("echo never").cancelled
    assert by.said == []


def test_the_whole_group_is_ended_even_what_ignores_the_first_signal(by: Bystander, tmp_path: Path) -> None:
    stubborn = "(trap '' TERM; sh -c 'echo $PPID' > child; while :; do sleep 0.05; done) & trap '' TERM; wait; sleep 30"
    running = threading.Thread(target=by.run, args=(stubborn,))
    running.start()
    wait_for(tmp_path / "child")
    by.stop.set()
    running.join()
    assert not is_alive(tmp_path / "child")


def test_a_program_may_clean_up_when_it_is_stopped(by: Bystander, tmp_path: Path) -> None:
    text = "trap 'echo cleaned; exit 0' TERM; echo up > up; while :; do sleep 0.02; done"
    running = threading.Thread(target=by.run, args=(text,))
    running.start()
    wait_for(tmp_path / "up")
    by.stop.set()
    running.join()
    assert ("out", "cleaned") in by.said


def test_what_a_program_leaves_running_does_not_hold_us(by: Bystander, tmp_path: Path) -> None:
    before = time.monotonic()
    assert by.run("sleep 20 & echo $! > left; echo done") == Ended(code=0)
    assert time.monotonic() - before < 15
    assert ("out", "done") in by.said
    assert is_alive(tmp_path / "left")
    psutil.Process(int((tmp_path / "left").read_text())).kill()


def test_a_program_reads_nothing_from_us(by: Bystander) -> None:
    assert by.run("cat; echo end") == Ended(code=0)


@pytest.mark.parametrize("text", ["exit 3", "sleep 20 & echo $! > left; exit 3"])
def test_an_exit_is_seen_where_the_system_does_not_tell_of_it(
    by: Bystander, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    assert by.run(text) == Ended(code=3)
    if (tmp_path / "left").exists():
        psutil.Process(int((tmp_path / "left").read_text())).kill()


def test_where_the_system_does_not_tell_of_an_exit_a_program_is_stopped_all_the_same(
    by: Bystander, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    assert by.run("sleep 20", timeout=0.2) == Ended(code=143, timed_out=True)
