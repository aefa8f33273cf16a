"""How the indexes of tables change from one release to the next: DynamoDB makes or removes one by an update of a table.

CloudFormation updates each table once, so that a release that changes two would fail there half way. What the last
release had is in released_indexes.json: each release writes it anew (`python -m infra.package --released`).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

RELEASED = Path(__file__).with_name("released_indexes.json")

Indexes = Mapping[str, Mapping[str, Any]]
"""Definitions of indexes by table (its logical id) and name."""


class TooManyIndexes(Exception):  # noqa: N818 - says what the release does, as the faults do
    """An update would change more indexes of a table than DynamoDB takes."""


def indexes_of(template: Mapping[str, Any]) -> Indexes:
    """Return the indexes of every table of a template."""
    return {
        name: {one["IndexName"]: one for one in resource["Properties"].get("GlobalSecondaryIndexes", ())}
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::DynamoDB::Table"
    }


def released() -> Indexes:
    """Return the indexes of the last release."""
    found: Indexes = json.loads(RELEASED.read_text())
    return found


def write_released(template: Mapping[str, Any]) -> None:
    """Keep the indexes of a template as those of the last release."""
    RELEASED.write_text(f"{json.dumps(indexes_of(template), indent=1, sort_keys=True)}\n")


def refuse_many(before: Indexes, after: Indexes) -> None:
    """Refuse an update that changes two indexes of a table, or one in its place. Faults: TooManyIndexes."""
    defects = [
        defect
        for table in sorted(before.keys() & after.keys())
        for defect in _defects(table, before[table], after[table])
    ]
    if defects:
        raise TooManyIndexes("\n".join(defects))


def _defects(table: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    changed = sorted(name for name in before.keys() & after.keys() if not _is_same(before[name], after[name]))
    moved = sorted(before.keys() ^ after.keys())
    defects = [
        f"{table}: the index {name} cannot change in its place: give the new one another name, "
        "and remove the old one in the release after"
        for name in changed
    ]
    if len(moved) > 1:
        defects.append(
            f"{table}: an update makes or removes one index of a table, this one {len(moved)} ({', '.join(moved)}): "
            "spread them over as many releases, and deploy each of these in turn"
        )
    return defects


def _is_same(one: Any, other: Any) -> bool:  # noqa: ANN401 - parts of templates
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
