"""When a step of a build is to be done."""

import time

import pytest

from slipway_formats.build_step import BuildStep, due_places, is_due


@pytest.mark.parametrize(
    ("on", "ignore", "changed", "due"),
    [
        ((), (), None, True),
        ((), (), (), True),
        ((), (), ("a",), True),
        (("src/**",), (), (), True),
        ((), ("*.md",), (), True),
        (("src/**",), (), None, True),
        (("*.py",), ("gen/*", "!gen/a.py"), ("gen/a.py",), True),
        (("*.py",), ("gen/", "!gen/a.py"), ("gen/a.py",), False),
        (("*.py",), ("gen/", "!gen/a.py"), ("gen/b.py",), False),
        (("src/**",), (), ("src/a/b.py",), True),
        (("src/",), (), ("src/a/b.py",), True),
        (("src/*",), (), ("doc/a",), False),
        (("*.py",), (), ("src/a.py",), True),
        (("/*.py",), (), ("src/a.py",), False),
        (("**/*.py",), (), ("src/a.py",), True),
        ((), ("*.md", "doc/"), ("README.md", "doc/x"), False),
        (("src/**",), ("**/*.md",), ("src/a.md",), False),
    ],
)
def test_changed_files_say_whether_a_step_is_due(
    on: tuple[str, ...], ignore: tuple[str, ...], changed: tuple[str, ...] | None, due: bool
) -> None:
    assert is_due(BuildStep(build_on_file_changes=on, ignore_file_changes=ignore), changed) is due


def test_steps_that_no_file_concerns_are_left_out() -> None:
    steps = [BuildStep(build_on_file_changes=(glob,)) for glob in ("src/**", "doc/**", "*.py")]

    assert due_places(steps, ("src/a.py",)) == [0, 2]
    assert due_places(steps, tuple(f"src/{number}" for number in range(3_000))) == [0]


def test_globs_and_files_that_would_match_for_ever_make_every_step_due() -> None:
    steps = [BuildStep(build_on_file_changes=("**/a*" * 60 + "/b",) * 10)] * 2
    begun = time.process_time()

    assert due_places(steps, tuple("a/" * 1000 + str(number) for number in range(2_000))) == [0, 1]
    assert time.process_time() - begun < 2.0
