"""When a step of a build is to be done."""

import pytest

from slipway_formats.build_step import BuildStep, is_due


@pytest.mark.parametrize(
    ("on", "ignore", "changed", "due"),
    [
        ((), (), None, True),
        ((), (), (), True),
        ((), (), ("a",), True),
        (("src/**",), (), (), True),
        ((), ("*.md",), (), True),
        (("src/**",), (), None, True),
        (("*.py",), ("gen/", "!gen/a.py"), ("gen/a.py",), True),
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
