"""Which handlers there are that change something: found in the code itself, so that none is forgotten.

Handlers are the functions beside the API and the verbs of all rows. From each we follow, by the code's text, every
function of ours that it names, and look for uses of a port's method that is not known to read only.
"""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import FunctionType, ModuleType
from typing import NamedTuple

import app
from chalicelib import functions
from chalicelib.use_cases.ports import access as ports_access
from chalicelib.use_cases.ports import archives as ports_archives
from chalicelib.use_cases.ports import call_slots as ports_call_slots
from chalicelib.use_cases.ports import clock as ports_world
from chalicelib.use_cases.ports import deliveries as ports_owed
from chalicelib.use_cases.ports import feed as ports_feed
from chalicelib.use_cases.ports import freezes as ports_freezes
from chalicelib.use_cases.ports import insights as ports_insights
from chalicelib.use_cases.ports import installation as ports_installation
from chalicelib.use_cases.ports import issuer as ports_issuer
from chalicelib.use_cases.ports import live as ports_live
from chalicelib.use_cases.ports import locks as ports_locks
from chalicelib.use_cases.ports import logs as ports_logs
from chalicelib.use_cases.ports import mail as ports_mail
from chalicelib.use_cases.ports import numbers as ports_numbers
from chalicelib.use_cases.ports import projects as ports_catalog
from chalicelib.use_cases.ports import releases as ports_inventory
from chalicelib.use_cases.ports import runners as ports_runners
from chalicelib.use_cases.ports import runs as ports_runs
from chalicelib.use_cases.ports import subscriptions as ports_subscriptions
from chalicelib.use_cases.ports import task_templates as ports_task_templates
from chalicelib.use_cases.ports import trains as ports_trains
from chalicelib.use_cases.ports import workloads as ports_workloads
from chalicelib.use_cases.ports.bundle import Ports

Handler = Callable[..., object]

READING: Mapping[str, frozenset[str]] = {
    "archives": frozenset({"find"}),
    "access": frozenset(
        [
            "find_group",
            "groups",
            "find_service_account",
            "service_accounts",
            "find_token",
            "tokens_minted_by",
            "tokens_of",
            "find_user",
            "find_user_by_mail",
            "users",
            "wrong_secrets",
        ]
    ),
    "audits": frozenset(["entries", "find", "head", "seals", "unsealed"]),
    "definitions": frozenset(["definition", "find_definition", "found_by", "of_project", "recent_names"]),
    "deployments": frozenset(["as_of", "find_deployment", "history", "in_environment"]),
    "idempotency": frozenset({"find"}),
    "feed": frozenset({"end", "read"}),
    "insights": frozenset({"counted", "week", "weeks"}),
    "subscriptions": frozenset({"current", "deliveries", "find_delivery"}),
    "freezes": frozenset({"current", "recent"}),
    "namespaces": frozenset(["find_namespace", "named", "namespace", "namespaces", "project_of", "public_namespaces"]),
    "applications": frozenset(["application", "application_head", "applications"]),
    "releases": frozenset(
        [
            "find_release",
            "find_releases",
            "highest",
            "newest_versions",
            "page_of_versions",
            "previous",
            "release",
            "resolve",
            "versions",
        ]
    ),
    "tags": frozenset(["tags"]),
    "package_records": frozenset(["downloads", "upload"]),
    "links": frozenset(["downstream", "offers", "subscribers"]),
    "hooks": frozenset(["hooks"]),
    "search": frozenset(["hits", "latest_of"]),
    "jobs": frozenset(
        [
            "counted",
            "due",
            "find_job",
            "find_jobs",
            "last_saved",
            "job",
            "leased_with",
            "line",
            "note_turn",
            "of_run",
            "turn",
            "waiting",
        ]
    ),
    "mail": frozenset({"is_set_up"}),
    "live": frozenset(["await_change", "close", "has_viewers", "mark", "push", "send"]),
    "locks": frozenset({"holder", "line"}),
    "logs": frozenset(["head", "length", "read"]),
    "numbers": frozenset({"find_owner"}),
    "outside": frozenset(),
    "call_slots": frozenset(),
    "outbox": frozenset({"due", "find"}),
    "packages": frozenset(["address", "content", "largest_direct", "plan"]),
    "projects": frozenset(
        [
            "environment",
            "environments",
            "find_environment",
            "find_project",
            "recent_project",
            "recent_projects",
            "find_repository",
            "environment_names",
            "project",
            "projects",
            "repositories",
            "repository",
        ]
    ),
    "queue": frozenset(),
    "runs": frozenset(
        [
            "due",
            "earlier_executions",
            "earlier_folds",
            "every_of_project",
            "find_plans",
            "find_run",
            "find_runs",
            "last_committed",
            "of_definition",
            "of_project",
            "open_in_train",
            "plan",
            "run",
            "recent_open",
            "summaries",
            "unfinished",
        ]
    ),
    "runners": frozenset(["every", "is_drained", "note", "of_pool"]),
    "secrets": frozenset({"get"}),
    "viewers": frozenset(["of_run", "find_viewer"]),
    "task_templates": frozenset({"find_template", "names"}),
    "issuer": frozenset({"find_claims"}),
    "installation": frozenset(["every", "find", "find_by", "with_handles"]),
    "trains": frozenset(["due", "train", "find_train", "find_numbered", "of_application", "trains"]),
    "snapshots": frozenset(
        ["snapshot", "find_snapshot", "last_saved", "find_numbered", "of_train", "of_status", "at_stage"]
    ),
    "templates": frozenset(["find_template", "templates"]),
    "variables": frozenset(["variables", "of_scopes", "of_joint_scopes"]),
    "workloads": frozenset(
        [
            "due",
            "counts",
            "every_in",
            "find_named",
            "find_published",
            "find_report",
            "find_workload",
            "of_environment",
            "reports_in",
            "reports_of",
            "workload",
        ]
    ),
    "watermarks": frozenset({"compare"}),
    "clock": frozenset(["now", "pause"]),
    "ids": frozenset(["identifier", "process_key", "secret"]),
}
"""What of each port changes nothing that lasts. All else is taken for a change, also what is new.

That a runner has spoken is told again within seconds, and nothing is decided by it.
"""

PROTOCOLS = (
    ports_access,
    ports_catalog,
    ports_inventory,
    ports_live,
    ports_mail,
    ports_locks,
    ports_numbers,
    ports_owed,
    ports_runners,
    ports_logs,
    ports_runs,
    ports_trains,
    ports_feed,
    ports_insights,
    ports_subscriptions,
    ports_freezes,
    ports_installation,
    ports_workloads,
    ports_issuer,
    ports_task_templates,
    ports_world,
    ports_archives,
    ports_call_slots,
)


class Place(NamedTuple):
    """A function in the code."""

    module: str
    name: str


def changing_handlers() -> Mapping[str, Handler]:
    """The handlers that change something, by module and name."""
    return {title(one): one for one in (*_functions(), *_handlers_of_rows()) if changes_of(_place(one))}


def title(handler: Handler) -> str:
    """Its name among all handlers."""
    return f"{handler.__module__.rpartition('.')[2]}.{handler.__qualname__}"


def unknown_methods() -> set[str]:
    """What is said to read and no port has."""
    return {f"{port}.{name}" for port, names in READING.items() for name in names - methods_of(port)}


def unread_ports() -> set[str]:
    """The ports of which nothing is said, so that their changes would not be seen."""
    return {one.name for one in fields(Ports)} - READING.keys() - {"settings"}


def changing_methods() -> set[str]:
    """What of all ports changes something that lasts."""
    return {f"{port}.{name}" for port, names in READING.items() for name in methods_of(port) - names}


def changes_of(root: Place) -> set[str]:
    """The methods of ports that change something and may be used on the way from a function."""
    seen, waiting, found = {root}, [root], set[str]()
    while waiting:
        named, used = _named_and_used(waiting.pop())
        found |= used
        waiting.extend(named - seen)
        seen |= named
    return found


def _functions() -> Iterator[Handler]:
    for one in iter_modules(functions.__path__):
        module = import_module(f"{functions.__name__}.{one.name}")
        if hasattr(module, "handle"):
            yield module.handle


def _handlers_of_rows() -> Iterator[Handler]:
    for row in app.OPERATIONS:
        yield row.handling.handler


def _place(handler: Handler) -> Place:
    """The function, or that of the module in which it is made."""
    return Place(handler.__module__, handler.__qualname__.partition(".")[0])


@cache
def _named_and_used(place: Place) -> tuple[set[Place], set[str]]:
    """Which functions of ours one names, and which changing methods of ports it uses."""
    module = import_module(place.module)
    tree = _definitions(module).get(place.name)
    named, used = set[Place](), set[str]()
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.ImportFrom):
            named |= _imported(node)
        elif isinstance(node, ast.Name):
            named |= _function_of(getattr(module, node.id, None))
        elif isinstance(node, ast.Attribute):
            named |= _function_of(_attribute(module, node))
            used |= _change(node)
    return named, used


def _imported(node: ast.ImportFrom) -> set[Place]:
    """Which functions of ours are imported where they are used, as few events need them."""
    module = import_module(node.module or "")
    return set[Place]().union(*(_function_of(getattr(module, one.name, None)) for one in node.names))


def _change(node: ast.Attribute) -> set[str]:
    """The use of a port's method, such as `ports.runs.create`, if it is one that changes something."""
    port = node.value.attr if isinstance(node.value, ast.Attribute) else ""
    if port not in READING or node.attr not in methods_of(port) - READING[port]:
        return set()
    return {f"{port}.{node.attr}"}


def _attribute(module: ModuleType, node: ast.Attribute) -> object:
    """What `module.name` is, where a module is named."""
    owner = getattr(module, node.value.id, None) if isinstance(node.value, ast.Name) else None
    return getattr(owner, node.attr, None) if isinstance(owner, ModuleType) else None


def _function_of(found: object) -> set[Place]:
    if not isinstance(found, FunctionType) or not found.__module__.startswith("chalicelib."):
        return set()
    return {Place(found.__module__, found.__qualname__.partition(".")[0])}


@cache
def _definitions(module: ModuleType) -> Mapping[str, ast.stmt]:
    tree = ast.parse(inspect.getsource(module))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


@cache
def methods_of(port: str) -> frozenset[str]:
    """The names of a port's methods."""
    protocol = _protocols()[port]
    return frozenset(name for name in vars(protocol) if not name.startswith("_"))


@cache
def _protocols() -> Mapping[str, type]:
    known = {name: one for module in PROTOCOLS for name, one in vars(module).items()}
    return {one.name: known[str(one.type)] for one in fields(Ports) if str(one.type) in known}
