"""The house keeps its own rules: sizes, docstrings, empty `__init__.py`, rooms' names, and one way inside a dialect."""

import ast
import builtins
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRODUCT = sorted(
    path
    for room in ("chalicelib", "infra", "slipway", "slipway_formats")
    for path in (ROOT / room).rglob("*.py")
    if "__pycache__" not in path.parts
)
ALL = [ROOT / "app.py", *PRODUCT]
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
LONGEST_APP = 60
LONGEST_ROW = 8
BANNED_NAMES = {"utils", "util", "common", "helpers", "helper", "base", "manager", "service", "misc"}
DIALECTS = ROOT / "chalicelib" / "dialects"
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


def test_the_faults_in_docstrings_exist() -> None:
    """A fault that is renamed is renamed where it is promised."""
    known, promised = set(dir(builtins)), set[str]()
    for node in (node for path in ALL for node in ast.walk(parsed(path))):
        match node:
            case ast.ClassDef(name=name) | ast.alias(name=name) | ast.Attribute(attr=name):
                known.add(name)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            said = re.findall(r"(?:Faults|Raises|Errors):?\s+([^.]+)\.", ast.get_docstring(node) or "")
            promised |= {name for one in said for name in re.findall(r"\b[A-Z]\w*[a-z]\w*\b(?!')", one)}

    assert len(promised) > 40
    assert promised - known == set()


def test_every_init_is_empty() -> None:
    assert named([path for path in PRODUCT if path.name == "__init__.py" and path.read_text().strip()]) == []


def test_no_room_or_module_has_a_name_that_says_nothing() -> None:
    assert named([path for path in PRODUCT if BANNED_NAMES & {path.stem, *path.relative_to(ROOT).parts}]) == []


def floor_of(module: str) -> int:
    """The floor on which a module of a dialect stands; -1 when its name says none."""
    return FLOORS.get(module.rpartition(".")[2].partition("_")[0], -1)


def upward_imports(path: Path, source: str) -> list[str]:
    """What a module of a dialect imports from floors above its own, in its own folder or another."""
    floor = floor_of(path.stem)
    if floor < 0:
        return []
    imported: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            imported += [module, *(f"{module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            imported += [alias.name for alias in node.names]
    return [
        f"{path.relative_to(DIALECTS)} imports {name}"
        for name in imported
        if name.startswith(("chalicelib.dialects.", ".")) and floor_of(name) > floor
    ]


def test_inside_a_dialect_arrows_point_down() -> None:
    """Routes stand over words over shapes, however many modules of each there are and in whichever folder."""
    modules = [path for path in DIALECTS.rglob("*.py") if floor_of(path.stem) >= 0]
    wrong = [found for path in modules for found in upward_imports(path, path.read_text())]

    assert {"routes_builds", "words_diff", "shapes_import"} <= {path.stem for path in modules}
    assert wrong == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("state/builds/words.py", "from chalicelib.dialects.state.jobs import routes"),
        ("inventory/releases/words_diff.py", "from chalicelib.dialects.inventory.releases.routes import OPERATIONS"),
        ("state/environments/shapes_import.py", "from chalicelib.dialects.state.environments import words_import as w"),
        ("platform/access/shapes.py", "import chalicelib.dialects.platform.runs.words"),
        ("platform/access/shapes.py", "from .words import read"),
    ],
)
def test_an_arrow_that_points_up_is_found(module: str, source: str) -> None:
    assert upward_imports(DIALECTS / module, source) != []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("state/builds/routes_more.py", "from chalicelib.dialects.state.jobs import words, shapes"),
        ("state/builds/words.py", "from chalicelib.dialects.state.words import show"),
        ("state/builds/words_more.py", "from chalicelib.dialects.state.builds import shapes_more, words"),
    ],
)
def test_an_arrow_that_points_down_or_aside_is_none_of_them(module: str, source: str) -> None:
    assert upward_imports(DIALECTS / module, source) == []


def test_a_row_of_the_table_takes_at_most_8_lines() -> None:
    rows = [
        (path.relative_to(DIALECTS), node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1)
        for path in DIALECTS.rglob("routes*.py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "operation"
    ]

    assert len(rows) > 100
    assert [row for row in rows if row[2] > LONGEST_ROW] == []


def test_servers_of_tests_are_of_the_kind_that_can_be_shut_down() -> None:
    own = [path for path in (ROOT / "tests").rglob("*.py") if path.name not in ("http_server.py", "test_house.py")]

    assert len(own) > 100
    assert named([path for path in own if re.search(r"\b(Threading)?HTTPServer\b", path.read_text())]) == []
