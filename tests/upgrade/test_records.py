"""Nothing that 0.1 stored is lost when it is read and written again: no value, and no name under which it stands."""

import json
import re
import zlib
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from chalicelib.kernel.access.audit_entry import AuditEntry, Head, Seal
from chalicelib.kernel.access.token import Token
from chalicelib.kernel.codec import decoder, encode
from chalicelib.kernel.definitions.definition import Definition
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.engine.message import Message
from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.projects.deployment import Change, Deployment
from chalicelib.kernel.projects.project import Environment, Project, Repository
from chalicelib.kernel.releases.delivery import PendingDelivery
from chalicelib.kernel.releases.links import Edge, Offer
from chalicelib.kernel.releases.release import Application, Namespace, Package, Release, Upload, Yanked
from chalicelib.kernel.releases.search import Hit
from chalicelib.store.runs.lock_line import LockState
from chalicelib.use_cases.ports.access import Group, ServiceAccount, User
from tests.upgrade.kept import FOLDER
from tests.upgrade.place import QUEUES, lines

RECORDS: Mapping[str, tuple[tuple[str, str, Any], ...]] = {
    "projects": (
        (r"project#.* project", "body", Project),
        (r"project#.* environment#", "body", Environment),
        (r"project#.* repository#", "body", Repository),
        (r"project#.* definition#", "body", Definition),
        (r"state#.* deployment#", "body", Deployment),
        (r"history#", "body", Change),
    ),
    "inventory": (
        (r"namespace#\S+ (namespace|public)", "record", Namespace),
        (r"application#\S+ application", "record", Application),
        (r"application#\S+ release#", "record", Release),
        (r"application#\S+ release#", "yanked", Yanked),
        (r"application#\S+ release#", "package", Package),
        (r"application#\S+ upload#", "record", Upload),
        (r"needs#\S+ (?!by#)", "record", Edge),
        (r"offers#", "record", Offer),
        (r"word#", "record", Hit),
    ),
    "runs": (
        (r"run#\S+ run", "state", Run),
        (r"run#\S+ job#", "state", Job),
        (r"run#\S+ execution#", "state", StageExecution),
        (r"plan#", "state", Plan),
        (r"lock#", "state", LockState),
        (r"owed#", "state", PendingDelivery),
    ),
    "access": (
        (r"token#", "record", Token),
        (r"user#", "record", User),
        (r"group#", "record", Group),
        (r"service-accounts#", "record", ServiceAccount),
    ),
    "audit": ((r"entry#", "record", AuditEntry), (r"seal ", "record", Seal), (r"head ", "record", Head)),
}


@pytest.mark.parametrize("table", RECORDS)
def test_no_value_of_a_record_is_lost(table: str) -> None:
    kept = [(found, lost(kind, plain)) for found, kind, plain in stored(table)]

    assert len({kind for kind, _, _ in RECORDS[table]} - {found for found, _ in kept}) == 0
    assert [values for _, values in kept if values] == []


def test_no_value_of_a_message_is_lost() -> None:
    bodies = [json.loads(sent["MessageBody"]) for queue in QUEUES for sent in lines(FOLDER / f"{queue}.jsonl")]

    assert [values for values in (lost(Message, body) for body in bodies) if values] == []


def stored(table: str) -> Iterator[tuple[str, Any, Any]]:
    """The records of a table: by what they were found, what they are, and what is stored of them."""
    for item in lines(FOLDER / f"{table}.jsonl"):
        for pattern, attribute, kind in RECORDS[table]:
            if attribute in item and re.match(pattern, f"{item['pk']['S']} {item['sk']['S']}"):
                yield pattern, kind, _plain(item[attribute])


def lost(kind: Any, plain: Any) -> Counter[str]:  # noqa: ANN401 - any record, and what is stored of it
    """The stored values, with their names, that are missing or named otherwise once they are read and written again."""
    return Counter(_values(plain)) - Counter(_values(encode(kind, decoder(kind)(plain))))


def _values(plain: Any, name: str = "") -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(plain, dict):
        for inner, one in plain.items():
            yield from _values(one, inner)
    elif isinstance(plain, list):
        for one in plain:
            yield from _values(one, name)
    else:
        yield f"{name}={plain!r}"


def _plain(attribute: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON
    raw = b64decode(attribute["B"]) if "B" in attribute else attribute["S"].encode()
    return json.loads(zlib.decompress(raw) if raw[:1] == b"\x78" else raw)
