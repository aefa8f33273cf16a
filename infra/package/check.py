"""Check the zips: import every function from its own in a clean process, as Lambda does, and measure the time."""

import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from zipfile import ZipFile

from infra.package.build import Built
from infra.package.functions import FUNCTIONS

ROUNDS = 3
PAGES = "chalicelib.functions.pages"
BUDGETS = {"app": 200, "chalicelib.functions.advance": 160}
"""Milliseconds more than bare Python."""

HANDLERS = {"app": "app", **{f"chalicelib.functions.{function.name}": "handle" for function in FUNCTIONS}}
WHOLE = {"app": "assert app.OPERATIONS"}
"""What a function imports only at its first request; it must be in the zip too."""

UNWANTED = ("app", "chalice", "chalicelib.dialects", "chalicelib.http", "jinja2", "pydantic")
"""Modules that only the functions for requests may import: the API, and the pages."""

ENVIRONMENT = {
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "SLIPWAY_PREFIX": "check-",
    "SLIPWAY_PUBLIC_URL": "",
    "PYTHONDONTWRITEBYTECODE": "1",
}
LOADING = """
import sys
sys.path.insert(0, {folder!r})
import {module}
assert callable({module}.{handler}), "no handler"
assert {module}.__file__.startswith({folder!r}), {module}.__file__
print(" ".join(sorted(sys.modules)))
"""


class Unfit(Exception):  # noqa: N818 - says what the zip is, as the faults do
    """Functions cannot be imported from their zip, or import unwanted modules; one line each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A function imported from the zip, and the modules it imported.

    best, usual: minimum and median import time, in milliseconds more than an empty Python start.
    """

    module: str
    best: float
    usual: float
    modules: frozenset[str]


def check(built: Built, rounds: int = ROUNDS) -> tuple[Loaded, ...]:
    """Import every function from its zip, `rounds` times each, and return the measurements. Faults: Unfit."""
    others = tuple(module for module in HANDLERS if module != PAGES)
    loaded = (*_loaded_from(built.archive, others, rounds), *_loaded_from(built.pages, (PAGES,), rounds))
    if defects := [line for one in loaded for line in _defects(one)]:
        raise Unfit("\n".join(defects))
    return loaded


def report(loaded: tuple[Loaded, ...]) -> str:
    """Return one line per function: how long its import takes, and its budget."""
    lines = (f"{one.module:<32}{one.best:6.0f} /{one.usual:6.0f} ms{_budget(one)}" for one in loaded)
    head = (
        f"processor time of an import over bare Python {platform.python_version()}: the best and the median of {ROUNDS}"
    )
    return "\n".join((head, *lines))


def _loaded_from(archive: Path, modules: Iterable[str], rounds: int) -> tuple[Loaded, ...]:
    with tempfile.TemporaryDirectory() as task:
        ZipFile(archive).extractall(task)
        return tuple(_loaded(Path(task).resolve(), module, rounds) for module in modules)


def _loaded(folder: Path, module: str, rounds: int) -> Loaded:
    source = LOADING.format(folder=str(folder), module=module, handler=HANDLERS[module])
    modules = frozenset(_run(source + WHOLE.get(module, "")).split())
    times = [(_milliseconds(source), _milliseconds("")) for _ in range(rounds)]
    whole, bare = [one[0] for one in times], [one[1] for one in times]
    return Loaded(module=module, best=min(whole) - min(bare), usual=median(whole) - median(bare), modules=modules)


def _milliseconds(source: str) -> float:
    """Return processor time, so that a busy machine does not distort the result."""
    begun = getrusage(RUSAGE_CHILDREN)
    _run(source)
    ended = getrusage(RUSAGE_CHILDREN)
    return (ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime) * 1000


def _run(source: str) -> str:
    """Return what a process prints that sees only the standard library."""
    command = [sys.executable, "-I", "-S", "-c", source]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    if done.returncode:
        raise Unfit(f"a function cannot be loaded from the zip:\n{done.stderr}")
    return done.stdout


def _defects(one: Loaded) -> list[str]:
    if one.module in ("app", PAGES):
        return []
    return [f"{one.module} loads {name}" for name in UNWANTED if name in one.modules]


def _budget(one: Loaded) -> str:
    budget = BUDGETS.get(one.module)
    return f"  of {budget}" if budget else ""
