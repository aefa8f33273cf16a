"""What each function needs of AWS, read from the code: use cases call ports, adapters call AWS.

A name is followed to whatever has that name in the adapter's modules, so that nothing is missed; a little too much may
be found, never too little.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
TABLE_CALLS = {
    "get": "GetItem",
    "get_many": "BatchGetItem",
    "put": "PutItem",
    "update": "UpdateItem",
    "delete": "DeleteItem",
    "query": "Query",
    "every": "Query",
    "write_many": "BatchWriteItem",
    "scan": "Scan",
}
WRITES = {"Put": "PutItem", "Change": "UpdateItem", "Remove": "DeleteItem", "Check": "ConditionCheckItem"}
OBJECT_CALLS = {
    "PutObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "upload_part": "PutObject",
    "GetObject": "GetObject",
    "UploadPartCopy": "PutObject",
    "HeadObject": "GetObject",
    "ListParts": "ListMultipartUploadParts",
    "get_object": "GetObject",
    "head_object": "GetObject",
    "DeleteObject": "DeleteObject",
}
SECRET_CALLS = frozenset({"CreateSecret", "PutSecretValue", "GetSecretValue", "DeleteSecret"})
QUEUES = {"EVENTS": "events", "TIMERS": "timers", "EFFECTS": "effects", "CHECKS": "checks", "LIVE": "live"}
OTHERS_WORK = frozenset(
    f"chalicelib.use_cases.{name}"
    for name in (
        "logs.admit_viewer",
        "logs.push_log",
        "releases.call_hooks",
        "releases.check_uploaded",
        "releases.deliver",
        "retention.archive_runs",
        "runs.resume",
        "runs.sweep",
    )
)
"""What the API's house has, and leaves to the functions beside it."""

PREFIXES = {"packages": "packages/", "archives": "folds/", "task_templates": "templates/"}
OF_ROOMS = {"archive": "runs/"}
ADAPTERS = tuple(f"chalicelib.adapters{of}" for of in ("", "_of_access", "_of_feed", "_of_mail"))

WIRES = frozenset({"tables", "expressions", "items", "packing", "records", "schema", "recover"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that a function does. kind: table, index, queue, object or secret. of: the table, or the prefix."""

    kind: str
    of: str = ""
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A function of an adapter. writes: the kinds of write that its module knows. table: named first there.

    prefix: of the objects of its room, if it has its own.
    """

    body: ast.FunctionDef
    writes: frozenset[str]
    table: str
    prefix: str
    is_method: bool


def needs_of_function(name: str) -> frozenset[Need]:
    """What the Lambda of chalicelib/functions/<name>.py does, apart from receiving."""
    module = f"chalicelib.functions.{name}"
    return _needs(_reached_by(module), module)


def needs_of_api() -> frozenset[Need]:
    """What the API does or, once a dialect serves them, what use cases that are there do; but for others' work."""
    rooms = ("chalicelib.use_cases.", "chalicelib.dialects.", "chalicelib.http.")
    modules = frozenset(name for name in _graph().modules if name.startswith(rooms))
    return _needs(modules - OTHERS_WORK, "app")


def needs_of_pages() -> frozenset[Need]:
    """What the pages do: the use cases that they reach, and who they ask of callers."""
    function = "chalicelib.functions.pages"
    rooms = ("chalicelib.use_cases.", "chalicelib.dialects.console.", "chalicelib.http.")
    reached = _graph().find_upstream_modules(function) | {function}
    return _needs(frozenset(name for name in reached if name.startswith(rooms)), function)


def _needs(modules: frozenset[str], itself: str) -> frozenset[Need]:
    used = {pair for name in (*modules, itself) for pair in _port_calls(_tree(name))}
    return frozenset(need for port, method in used for need in _needs_of_call(port, method))


def _reached_by(module: str) -> frozenset[str]:
    """What a function reaches by itself of use cases and its own room: those that wiring starts are for one machine."""
    rooms = ("chalicelib.use_cases.", "chalicelib.functions.")
    direct = {name for name in _graph().find_modules_directly_imported_by(module) if name.startswith(rooms)}
    beyond = (_reached_by(name) if name.startswith(rooms[1]) else _upstream(name) for name in direct)
    return frozenset(name for name in direct.union(*beyond) if name.startswith(rooms))


def _upstream(name: str) -> frozenset[str]:
    return frozenset(_graph().find_upstream_modules(name))


def _port_calls(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
            holder = node.value.value
            if isinstance(holder, ast.Name) and holder.id in ("ports", "known"):
                yield node.value.attr, node.attr


@cache
def _needs_of_call(port: str, method: str) -> frozenset[Need]:
    modules = _adapter_modules().get(port, ())
    parts = [part for module in modules for part in _parts(module)]
    table = next(filter(None, map(_table_of, modules)), "")
    prefix = PREFIXES.get(port, "logs/")
    return frozenset(
        need for part in _reached(parts, method) for need in _needs_in(part, part.table or table, part.prefix or prefix)
    )


@cache
def _parts(module: str) -> tuple[Part, ...]:
    tree = _tree(module)
    writes = frozenset(WRITES.keys() & _names_from(tree, "chalicelib.store.dynamo.tables"))
    classes = [one for one in ast.walk(tree) if isinstance(one, ast.ClassDef)]
    methods = {node for one in classes for node in one.body}
    table, prefix = _table_of(module), OF_ROOMS.get(module.split(".")[-2], "")
    return tuple(
        Part(body=node, writes=writes, is_method=node in methods, table=table, prefix=prefix)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    )


def _reached(parts: Iterable[Part], first: str) -> set[Part]:
    """All that a method may call: methods are reached as attributes, functions also by their mere names."""
    reached = {part for part in parts if part.body.name == first}
    while True:
        attributes = {name for part in reached for name in _attributes(part.body)}
        names = {name for part in reached for name in _names(part.body)}
        more = {part for part in parts if part.body.name in (attributes if part.is_method else attributes | names)}
        if more <= reached:
            return reached
        reached |= more


def _needs_in(part: Part, table: str, prefix: str) -> Iterator[Need]:
    words = {
        node.value for node in ast.walk(part.body) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    names = _names(part.body) | _attributes(part.body)
    indexes = {one for one in words if one.startswith("by_")} | {one.lower() for one in names if one.startswith("BY_")}
    calls = {TABLE_CALLS[one] for one in _table_calls(part.body)} | {WRITES[one] for one in part.writes & names}
    yield from (Need(kind="index", of=table, name=one) for one in indexes)
    # Where an index is named, that is what is queried.
    yield from (Need(kind="table", of=table, name=one) for one in calls - ({"Query"} if indexes else set()))
    yield from (Need(kind="object", of=prefix, name=OBJECT_CALLS[one]) for one in words & OBJECT_CALLS.keys())
    yield from (Need(kind="secret", name=one) for one in words & SECRET_CALLS)
    yield from (Need(kind="queue", name=QUEUES[one]) for one in names & QUEUES.keys())


def _table_calls(part: ast.AST) -> Iterator[str]:
    return (node.attr for node in ast.walk(part) if isinstance(node, ast.Attribute) and _is_table_call(node))


def _is_table_call(node: ast.Attribute) -> bool:
    return node.attr in TABLE_CALLS and "table" in ast.unparse(node.value)


@cache
def _names(part: ast.AST) -> frozenset[str]:
    return frozenset(node.id for node in ast.walk(part) if isinstance(node, ast.Name))


@cache
def _attributes(part: ast.AST) -> frozenset[str]:
    walked = (node for node in ast.walk(part) if isinstance(node, ast.Attribute))
    return frozenset(node.attr for node in walked if not _is_table_call(node))


@cache
def _table_of(module: str) -> str:
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "of":
            return ast.unparse(node.args[0]).rpartition(".")[2].lower()
    return ""


@cache
def _adapter_modules() -> dict[str, tuple[str, ...]]:
    """The modules of each port's adapter, by the port's name; first its own."""
    parts = [part for name in ADAPTERS for part in ast.iter_child_nodes(_tree(name))]
    makers = [one for one in parts if isinstance(one, ast.FunctionDef) and one.name != "ports_on"]
    return {maker.name.removeprefix("_"): _rooms_of(_imports(maker)) for maker in makers}


def _rooms_of(modules: Iterable[str]) -> tuple[str, ...]:
    own = sorted(filter(_is_room, modules))
    others = {name for module in own for name in _graph().find_upstream_modules(module) if _is_room(name)}
    return (*own, *sorted(others - set(own)))


def _is_room(module: str) -> bool:
    is_ours = module.startswith(("chalicelib.store.", "chalicelib.gateways."))
    return is_ours and module.rpartition(".")[2] not in WIRES


def _imports(tree: ast.AST) -> set[str]:
    found = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)} & set(_graph().modules)
    return found


def _names_from(tree: ast.AST, module: str) -> set[str]:
    froms = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == module)
    return {alias.name for node in froms for alias in node.names}


@cache
def _tree(module: str) -> ast.AST:
    path = ROOT / f"{module.replace('.', '/')}.py"
    return ast.parse((path if path.exists() else path.with_suffix("") / "__init__.py").read_text())


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph("chalicelib", cache_dir=None)
