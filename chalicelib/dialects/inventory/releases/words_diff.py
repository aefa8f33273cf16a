"""Read queries for differences between releases, and show them as Escape does."""

from chalicelib.dialects.inventory.go_json.write import go_reply
from chalicelib.dialects.inventory.go_json.write_metadata import shown_value
from chalicelib.http.reply import Json, Reply
from chalicelib.http.request import Request
from chalicelib.kernel.releases.diff import Change, Kind
from chalicelib.use_cases.releases.diff import ReleasesCompared
from slipway_formats.release import Consumer, Dependency, Extension, Provider, Template, Variable


def read_diff(request: Request) -> ReleasesCompared:
    """Read which release to compare with: the one that `diffWith` names, by default the previous version."""
    return ReleasesCompared(
        namespace=request.parameters["namespace"],
        application=request.parameters["name"],
        new=request.parameters["version"],
        old=request.parameters.get("diffWith"),
    )


def show_diff(changes: tuple[Change, ...]) -> Reply:
    """Show the differences by field, then by kind."""
    shown: dict[str, dict[str, list[Json]]] = {}
    for change in changes:
        shown.setdefault(change.path[0], {}).setdefault(change.kind.value, []).append(_change(change))
    return go_reply({field: dict(sorted(kinds.items())) for field, kinds in sorted(shown.items())})


def _change(change: Change) -> Json:
    return {
        "Path": list(change.path),
        "PreviousValue": _value(change.old, change.new),
        "NewValue": _value(change.new, change.old),
        "Added": change.kind is Kind.ADD,
        "Removed": change.kind is Kind.REMOVE,
    }


def _value(value: object, other: object) -> Json:
    """Return a value as Escape writes it: records by name; integers as text unless the other value is of another
    type.
    """
    match value:
        case Consumer(name=name) | Provider(name=name):
            return name
        case Dependency(release_id=name) | Extension(release_id=name):
            return name
        case Variable(id=name) | Template(file=name):
            return name
        case int() if not isinstance(value, bool) and (other is None or type(other) is int):
            return str(value)
        case _:
            return shown_value(value)
