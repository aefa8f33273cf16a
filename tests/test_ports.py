"""What a port's method does is said at the port alone: whoever implements it names the port and repeats nothing."""

import ast
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRODUCT = ("chalicelib", "infra", "slipway", "slipway_formats")
FAKES = "tests/fakes"
BUNDLE = ROOT / "chalicelib" / "use_cases" / "ports" / "bundle.py"

Methods = Mapping[str, tuple[str, ...]]


def classes(*rooms: str) -> tuple[tuple[str, ast.ClassDef], ...]:
    """Every class of the rooms, each with the name of its file."""
    return tuple(chain.from_iterable(map(classes_of, rooms)))


@cache
def classes_of(room: str) -> tuple[tuple[str, ast.ClassDef], ...]:
    paths = sorted((ROOT / room).rglob("*.py"))
    return tuple((str(path.relative_to(ROOT)), one) for path in paths for one in classes_in(path.read_text()))


def classes_in(source: str) -> Iterator[ast.ClassDef]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef))


def bases(one: ast.ClassDef) -> list[str]:
    return [ast.unparse(base).rpartition(".")[2] for base in one.bases]


def functions(one: ast.ClassDef) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in one.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def methods(one: ast.ClassDef) -> Methods:
    """The names of a class's methods, each with those of its parameters."""
    return {
        node.name: tuple(each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs))
        for node in functions(one)
    }


@cache
def ports() -> Mapping[str, Methods]:
    return {one.name: methods(one) for _, one in classes(*PRODUCT) if "Protocol" in bases(one)}


@cache
def known() -> Mapping[str, list[str]]:
    return {one.name: bases(one) for _, one in classes(*PRODUCT, FAKES)}


def ports_of(one: ast.ClassDef) -> set[str]:
    """The ports among a class's bases, and among theirs."""
    direct = bases(one)
    return {name for name in chain(direct, *(known().get(base, ()) for base in direct)) if name in ports()}


def nameless(found: Collection[ast.ClassDef]) -> list[str]:
    """Classes that have every method of a port, with the same parameters, and do not name it as a base."""
    return [
        f"{one.name}({port})"
        for one in found
        for had in [methods(one).items()]
        for port, asked in ports().items()
        if asked and asked.items() <= had and port not in {one.name, *ports_of(one)}
    ]


def repeated(found: Collection[ast.ClassDef]) -> list[str]:
    """Methods that their port describes, and that describe themselves as well."""
    return [
        f"{one.name}.{node.name}"
        for one in found
        for port in sorted(ports_of(one))
        for node in functions(one)
        if node.name in ports()[port] and ast.get_docstring(node)
    ]


def test_every_port_of_the_bundle_has_an_adapter_that_names_it() -> None:
    bundle = next(one for one in classes_in(BUNDLE.read_text()) if one.name == "Ports")
    fields = {ast.unparse(node.annotation) for node in bundle.body if isinstance(node, ast.AnnAssign)} - {"Settings"}
    named = set(chain.from_iterable(bases(one) for _, one in classes(*PRODUCT)))

    assert len(fields) > 25
    assert fields <= set(ports())
    assert fields - named == set()


def test_whoever_implements_a_port_names_it_as_a_base() -> None:
    assert nameless([one for _, one in classes(*PRODUCT, FAKES)]) == []


def test_what_a_port_says_is_not_said_again() -> None:
    assert repeated([one for _, one in classes(*PRODUCT, FAKES)]) == []


@pytest.mark.parametrize("base", ["Shell", "shell.Shell", "Shell, Generic[Kind]"])
def test_a_docstring_beside_the_ports_is_found(base: str) -> None:
    source = f"class Mine({base}):\n    def run(self, program, log):\n        'Run it.'\n"

    assert repeated([*classes_in(source)]) == ["Mine.run"]


def test_an_adapter_that_does_not_name_its_port_is_found() -> None:
    source = "class Mine:\n    def run(self, program, log):\n        return None\n"

    assert nameless([*classes_in(source)]) == ["Mine(Shell)"]
    assert nameless([*classes_in(source.replace("log", "other"))]) == []
