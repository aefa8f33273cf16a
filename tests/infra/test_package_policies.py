"""Who may do what on AWS: neither less than the code does, nor more."""

import itertools
import json
from functools import partial
from typing import Any

import pytest

from chalicelib.store.dynamo.schema import TABLES, schema, table_name
from infra.policies import functions
from infra.policies.rights import Rights, policy
from infra.resources import QUEUES
from tests.infra.package_rights import Need, needs_of_api, needs_of_function, needs_of_pages

RIGHTS = {
    "api": functions.API,
    "advance": functions.ADVANCE,
    "effects": functions.EFFECTS,
    "checks": functions.CHECKS,
    "live": functions.LIVE,
    "pages": functions.PAGES,
    "sweep": functions.SWEEP,
}
SEALING = {Need(kind="table", of="audit", name="BatchWriteItem")}
"""What the API does not do, although a module that it imports for walking the chain of seals also makes them."""

NEEDS = {"api": lambda: needs_of_api() - SEALING, "pages": needs_of_pages}


def _allowed(rights: Rights) -> set[Need]:
    return {
        *(Need(kind="table", of=table, name=one) for table, actions in rights.tables.items() for one in actions),
        *(Need(kind="index", of=table, name=one) for table, indexes in rights.indexes.items() for one in indexes),
        *(Need(kind="object", of=prefix, name=one) for prefix, actions in rights.objects.items() for one in actions),
        *(Need(kind="secret", name=one) for one in rights.secrets),
        *(Need(kind="queue", name=one) for one in rights.sends),
    }


@pytest.mark.parametrize("name", RIGHTS)
def test_a_function_may_do_what_its_code_does_and_nothing_else(name: str) -> None:
    needed, allowed = NEEDS.get(name, partial(needs_of_function, name))(), _allowed(RIGHTS[name])
    missing, idle = sorted(map(str, needed - allowed)), sorted(map(str, allowed - needed))
    assert (missing, idle) == ([], []), f"infra/policies/functions.py lacks the first and has the second for {name}"


@pytest.mark.parametrize("rights", RIGHTS.values(), ids=RIGHTS)
def test_no_policy_has_a_wildcard_but_behind_a_name_of_ours(rights: Rights) -> None:
    for statement in policy(rights, "Logs")["Statement"]:
        assert not any("*" in action for action in statement["Action"])
        for resource in map(json.dumps, statement["Resource"]):
            assert "*" not in resource or any(ours in resource for ours in ("${Logs}", "s/*", "installation/*"))


def test_whoever_receives_messages_may_put_them_off() -> None:
    receivers = [rights for rights in RIGHTS.values() if rights.receives]
    for rights in receivers:
        actions = [set(one["Action"]) for one in policy(rights, "Logs")["Statement"]]
        assert any({"sqs:ReceiveMessage", "sqs:ChangeMessageVisibility"} <= one for one in actions)
        assert set(rights.receives) <= set(rights.sends), "who sends may ask for the address, which is needed"
    assert receivers


@pytest.mark.parametrize("rights", RIGHTS.values(), ids=RIGHTS)
def test_nobody_reads_a_whole_table(rights: Rights) -> None:
    assert not any("Scan" in actions for actions in rights.tables.values())


def test_rights_speak_of_tables_indexes_and_queues_that_there_are() -> None:
    indexes: dict[str, Any] = {
        table_name(table): {one["IndexName"] for one in schema(table).get("GlobalSecondaryIndexes", ())}
        for table in TABLES
    }
    for rights in RIGHTS.values():
        assert set(rights.tables) <= set(indexes)
        assert all(set(named) <= indexes[table] for table, named in rights.indexes.items())
        assert set(itertools.chain(rights.sends, rights.receives)) <= {queue.name for queue in QUEUES}
