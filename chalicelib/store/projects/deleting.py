"""Mark projects and environments as being deleted, and refuse to create anything in them from then on."""

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
    """Return the update that marks an item as being deleted and removes it from the lists."""
    version = int(item["version"])
    actions = (
        Path(DELETING).set(1),
        Path("version").set(version + 1),
        Path("first").remove(),
        Path("first_key").remove(),
    )
    return Change(table, Key(str(item["pk"]), str(item["sk"])), actions, on_version(version))


def open_place(table: Table, project: str, environment: str = "") -> Check:
    """Return the check that a project, or one of its environments, exists and is not being deleted."""
    key = environment_key(project, environment) if environment else project_key(project)
    return Check(table, key, _OPEN)


def no_place(project: str, environment: str = "") -> NotFound:
    """Return the fault for creating something in a project or environment that is missing or being deleted."""
    return NotFound(f"no environment {environment} in project {project}" if environment else f"no project {project}")


def forget(table: Table, key: Key) -> None:
    """Delete the record of something marked as being deleted. Faults: NotFound when it is not marked."""
    try:
        table.delete(key, NEW | Path(DELETING).exists())
    except ConditionFailed as error:
        raise NotFound(f"{key.sk} is not leaving") from error
