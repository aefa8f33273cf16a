"""Texts of our own script steps: they stop at the first failed command, and their first line says who runs them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from slipway.perform.logs import TAIL
from slipway.runner.loop import Tuning
from slipway.runner.work.interpreter import command, mended
from tests.slipway.runner.conftest import FAST, Start
from tests.slipway.runner.platform import FakeJob, Platform

CASES = Path(__file__).parents[2] / "data" / "cases" / "scripts"


def case(name: str) -> str:
    """Its text, with the ends of its lines as they are."""
    return (CASES / name).read_bytes().decode()


def done(platform: Platform, start: Start, text: str, **ask: Any) -> FakeJob:  # noqa: ANN401 - fields of a job
    """The job of a script, once it has ended."""
    job = platform.script(text, **ask)
    start()
    platform.await_end(job)
    return job


@pytest.mark.parametrize(
    ("name", "outcome", "said"),
    [
        ("goes-on-after-a-failure.sh", "failed", ["exit code 1"]),
        ("first-line-bash.sh", "succeeded", ["ok"]),
        ("first-line-python.txt", "succeeded", ["py"]),
        ("crlf.sh", "succeeded", ["hello"]),
    ],
)
def test_what_scripts_of_others_came_to(
    platform: Platform, start: Start, name: str, outcome: str, said: list[str]
) -> None:
    job = done(platform, start, case(name), stop_on_error=True)
    assert (job.outcome, job.said) == (outcome, said)


@pytest.mark.parametrize("ask", [{}, {"stop_on_error": False}])
def test_a_script_that_does_not_ask_for_it_goes_on(platform: Platform, start: Start, ask: dict[str, object]) -> None:
    job = done(platform, start, case("goes-on-after-a-failure.sh"), **ask)
    assert (job.outcome, job.said) == ("succeeded", ["deployed anyway"])


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("echo", ("sh", "-e", "f")),
        ("# a comment", ("sh", "-e", "f")),
        ("#!/bin/bash", ("/bin/bash", "-e", "f")),
        ("#! /bin/sh -x", ("/bin/sh", "-x", "-e", "f")),
        ("#!/usr/bin/env bash", ("/usr/bin/env", "bash", "-e", "f")),
        ("#!/usr/bin/env python3", ("/usr/bin/env", "python3", "f")),
        ("#!/usr/bin/env -S python3 -u", ("/usr/bin/env", "-S python3 -u", "f")),
        ("#!/usr/bin/python3 -u", ("/usr/bin/python3", "-u", "f")),
        ("#!", ("sh", "-e", "f")),
    ],
)
def test_the_first_line_says_who_runs_it(first: str, expected: tuple[str, ...]) -> None:
    assert command(f"{first}\nsecond", "f", stops=True) == expected
    assert command(f"{first}\nsecond", "f", stops=False) == tuple(word for word in expected if word != "-e")


@pytest.mark.parametrize("text", ["a\r\nb\r\n", "\ufeffa\nb\n", "a\nb\n"])
def test_ends_of_lines_are_mended(text: str) -> None:
    assert mended(text) == "a\nb\n"


def test_the_end_of_a_long_log_is_uploaded(platform: Platform, start: Start) -> None:
    text = "yes 'a line that repeats itself' | head -c 2000000; echo; echo THE-END; exit 3"
    job = platform.script(text)

    start(replace(FAST, log=1 << 20))
    platform.await_end(job)

    assert job.said[-1] == "exit code 3"
    assert "THE-END" in job.said[-5:]
    assert sum(len(line) + 1 for line in job.said) < (1 << 20) + TAIL + 1000
    assert (Tuning().log, Tuning().lasting_log) == (16 << 20, 256 << 20)
