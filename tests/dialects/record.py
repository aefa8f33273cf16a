"""Recorded exchanges: what was said is held to the record, and every row to having something said of it.

After a change that is meant, `SLIPWAY_RECORD=1 pytest tests/dialects/x/test_exchanges.py` writes the record anew; read
what changed before it is committed.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from chalicelib.http.operation import Operation
from chalicelib.http.site.match import Found, table_of

MEANT = "if this is meant: SLIPWAY_RECORD=1 pytest tests/dialects/x/test_exchanges.py"
DATA = Path(__file__).parents[1] / "data"

Said = Sequence[Mapping[str, Any]]


def recorded(dialect: str) -> list[dict[str, Any]]:
    """The exchanges that were recorded of a dialect, walk after walk."""
    return [one for record in sorted(DATA.glob(f"{dialect}-*.jsonl")) for one in _read(record)]


def hold(name: str, said: Said) -> None:
    """Ensures that what was said is what was recorded, or records it when that is wanted. name: dialect and walk."""
    record = DATA / f"{name}.jsonl"
    if os.environ.get("SLIPWAY_RECORD"):
        record.write_text("".join(f"{json.dumps(one, sort_keys=True)}\n" for one in said))
    known = _read(record)
    assert [one["asked"] for one in said] == [one["asked"] for one in known], MEANT
    for now, then in zip(said, known, strict=True):
        assert now == then, f"{now['asked']}: {MEANT}"


def never_done(rows: Iterable[Operation], said: Said) -> set[str]:
    """The rows, by method, of which nothing that was said went well."""
    table = table_of(rows)
    done = set()
    for one in said:
        method, _, target = str(one["asked"]).partition(" ")
        found = table.find(method, target.partition("?")[0])
        if isinstance(found, Found) and int(one["status"]) < 400:
            done.add(f"{method} {found.operation.path}")
    return {f"{method} {row.path}" for row in rows for method in row.methods} - done


def _read(record: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in record.read_text().splitlines()]
