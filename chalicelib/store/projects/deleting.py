"""Projects and environments that are to go: the mark that says so, and what is not made where it stands."""

from pynamodb.expressions.operand import Path

from chalicelib.kernel.faults import NotFound
from chalicelib.store.dynamo.expressions import ConditionFailed, Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.saving import NEW, on_version
from chalicelib.store.dynamo.tables import Change, Check, Table
from chalicelib.store.projects.keys import environment_key, project_key

DELETING = "leaving"
_OPEN = Path("pk").exists() & Path(DELETING).does_not_exist()


def marked(table: Table, item: Item) -> Change:
    """The change that marks what an item holds as leaving: no list of all shows it any more."""
    version = int(item["version"])
    actions = (
        Path(DELETING).set(1),
        Path("version").set(version + 1),
        Path("first").remove(),
        Path("first_key").remove(),
    )
    return Change(table, Key(str(item["pk"]), str(item["sk"])), actions, on_version(version))


def open_place(table: Table, project: str, environment: str = "") -> Check:
    """The check that a project, or one of its environments, is there and not leaving."""
    key = environment_key(project, environment) if environment else project_key(project)
    return Check(table, key, _OPEN)


def no_place(project: str, environment: str = "") -> NotFound:
    """The fault of what would be made where nothing is, or where it is leaving."""
    return NotFound(f"no environment {environment} in project {project}" if environment else f"no project {project}")


def forget(table: Table, key: Key) -> None:
    """Let the record of what is leaving go."""
    try:
        table.delete(key, NEW | Path(DELETING).exists())
    except ConditionFailed as missed:
        raise NotFound(f"{key.sk} is not leaving") from missed
