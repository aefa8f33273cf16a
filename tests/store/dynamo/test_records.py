"""Records in items: one way there and back, for every table, and for what 0.1 kept."""

import json
from hashlib import sha256

import pytest
from hypothesis import given

from chalicelib.kernel.access.audit_entry import Head, head_at, next_seal
from chalicelib.kernel.codec import encode
from chalicelib.kernel.faults import TooLarge
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.releases.hook import Hooks
from chalicelib.store.access.access import StoredAccess
from chalicelib.store.audit import keys as audit_keys
from chalicelib.store.audit.audits import StoredAudits
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.items import size
from chalicelib.store.dynamo.records import BODY, LARGEST_ITEM, RECORD, STATE, item_of, record_of
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.releases.hooks import StoredHooks
from chalicelib.use_cases.ports.access import User
from tests.builders import an_entry
from tests.laws.plans import plans
from tests.use_cases.access.access_ports import NOON, a_world

KEY = Key("thing#1", "thing")
MANY = tuple(sha256(str(number).encode()).hexdigest() for number in range(15_000))
"""A megabyte that no compression brings below the limit."""


@given(plan=plans())
def test_a_record_comes_back_as_it_was_under_every_name_and_as_text(plan: Plan) -> None:
    text = json.dumps(encode(Plan, plan), sort_keys=True, ensure_ascii=False)

    for name in (RECORD, STATE, BODY):
        assert record_of(Plan, item_of(KEY, Plan, plan, "plan 1", under=name, version=3)) == plan
        assert record_of(Plan, {name: text}) == plan


def test_an_item_may_be_as_large_as_the_limit_and_no_larger() -> None:
    room = LARGEST_ITEM - size(item_of(KEY, str, "", "thing 1", more=""))

    assert size(item_of(KEY, str, "", "thing 1", more="x" * room)) == LARGEST_ITEM
    with pytest.raises(TooLarge, match="thing 1 outgrows its record: 390001 bytes, at most 390000"):
        item_of(KEY, str, "", "thing 1", more="x" * (room + 1))


def test_a_word_that_is_half_a_letter_is_kept() -> None:
    assert record_of(str, item_of(KEY, str, "\ud800", "thing 1")) == "\ud800"


@pytest.mark.cloud
def test_a_user_that_no_item_holds_is_too_large(tables: Tables) -> None:
    stored = StoredAccess(tables, a_world(), a_world().identifier)
    with pytest.raises(TooLarge, match="user ann outgrows its record"):
        stored.create_user(User(name="ann", groups=MANY, created_at=NOON), an_entry())


@pytest.mark.cloud
def test_hooks_that_no_item_holds_are_too_large(tables: Tables) -> None:
    hooks: Hooks = {"on_upload": dict.fromkeys(MANY, "")}
    with pytest.raises(TooLarge, match="hooks of web/app outgrows its record"):
        StoredHooks(tables=tables).update_hooks(("web", "app"), hooks, an_entry())


@pytest.mark.cloud
def test_a_chain_whose_head_is_kept_as_text_grows_on(tables: Tables) -> None:
    audits = StoredAudits(tables=tables, identifier=a_world().identifier)
    audits.add_seal(first := next_seal(Head(), [], NOON))
    text = json.dumps(encode(Head, head_at(first)), sort_keys=True, separators=(",", ":"))
    tables.of(audit_keys.AUDIT).put({**audit_keys.HEAD_KEY._asdict(), RECORD: text})

    assert audits.add_seal(second := next_seal(head_at(first), [], NOON))
    assert audits.head() == head_at(second)
