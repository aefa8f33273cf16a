"""The house keeps its own rules: sizes, docstrings, empty `__init__.py`, rooms' names, and one way inside a dialect."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRODUCT = sorted(
    path
    for room in ("chalicelib", "infra", "slipway")
    for path in (ROOT / room).rglob("*.py")
    if "__pycache__" not in path.parts
)
ALL = [ROOT / "app.py", *PRODUCT]
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
LONGEST_APP = 60
BANNED_NAMES = {"utils", "util", "common", "helpers", "helper", "base", "manager", "service", "misc"}
FLOORS = {"routes": 2, "words": 1, "shapes": 0}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def named(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_no_file_is_longer_than_300_lines() -> None:
    assert named([path for path in ALL if len(path.read_text().splitlines()) > LONGEST_FILE]) == []


def test_app_is_at_most_60_lines() -> None:
    assert len((ROOT / "app.py").read_text().splitlines()) <= LONGEST_APP


def test_no_function_is_longer_than_40_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{one.name}"
        for path in ALL
        for one in functions(path)
        if (one.end_lineno or one.lineno) - one.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_every_module_says_what_lives_there() -> None:
    silent = [path for path in ALL if path.name != "__init__.py" and not ast.get_docstring(parsed(path))]
    assert named(silent) == []


def test_every_init_is_empty() -> None:
    assert named([path for path in PRODUCT if path.name == "__init__.py" and path.read_text().strip()]) == []


def test_no_room_or_module_has_a_name_that_says_nothing() -> None:
    assert named([path for path in PRODUCT if BANNED_NAMES & {path.stem, *path.relative_to(ROOT).parts}]) == []


@pytest.mark.parametrize("dialect", ["inventory", "platform", "state"])
def test_inside_a_dialect_arrows_point_down(dialect: str) -> None:
    """Routes stand over words over shapes, however many modules of each there are."""
    wrong: list[str] = []
    for path in (ROOT / "chalicelib" / "dialects" / dialect).glob("*.py"):
        floor = FLOORS.get(path.stem.partition("_")[0])
        for node in ast.walk(parsed(path)):
            if floor is None or not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            names = [node.module.rpartition(".")[2], *(alias.name for alias in node.names)]
            if f"dialects.{dialect}" not in node.module:
                continue
            above = [name for name in names if FLOORS.get(name.partition("_")[0], -1) > floor]
            wrong += [f"{path.name} imports {name}" for name in above]
    assert wrong == []
