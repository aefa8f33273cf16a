"""An answer of AWS that is lost changes nothing: what took effect is seen as done, once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest

from chalicelib.aws.calls import Answer, AwsRequest, Send
from chalicelib.aws.http_pool import Unreached
from chalicelib.kernel.access.audit_entry import AuditEntry, Head, next_seal
from chalicelib.kernel.access.principal import PrincipalKind
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.access.token import Token
from chalicelib.store.access.access import StoredAccess
from chalicelib.store.access.idempotency import StoredIdempotency
from chalicelib.store.audit.audits import StoredAudits
from chalicelib.store.dynamo.tables import Tables
from chalicelib.use_cases.ports.access import AuditSearch, Group, ServiceAccount, User
from chalicelib.use_cases.ports.runs import Page
from tests.builders import an_entry
from tests.conftest import aws_at
from tests.use_cases.access.access_ports import NOON, a_world, after

WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"})
TOKEN = Token(
    id="t1", digest="d1", kind=PrincipalKind.USER, owner="ann", scopes=("all",), created_at=NOON, created_by="ann"
)
ANN = User(name="ann", mail="ann@example.org", created_at=NOON)
ACCOUNT = ServiceAccount(project="web", name="ci", role=Level.READ, token="t1", created_at=NOON)
ENTRY = AuditEntry(id="e1", at=NOON, by="ann", act="approved")

pytestmark = pytest.mark.cloud


@dataclass
class Forgetful:
    """Every write takes effect; the first answer to it is lost."""

    lost: set[str] = field(default_factory=set)

    def __call__(self, ask: AwsRequest, send: Send) -> Answer:
        answer = send(ask)
        if ask.operation in WRITES and repr(ask.arguments) not in self.lost:
            self.lost.add(repr(ask.arguments))
            raise Unreached("lost on the way")
        return answer


@pytest.fixture
def shaky(cloud: str, tables: Tables) -> Iterator[Tables]:
    aws = aws_at(cloud, Forgetful())
    yield Tables(aws=aws, prefix=tables.prefix)
    aws.close()


def test_access_is_changed_once(shaky: Tables) -> None:
    access = StoredAccess(shaky, a_world(), a_world().identifier)

    access.create_token(TOKEN, an_entry())
    ann = access.create_user(ANN, an_entry())
    saved = access.save_user(replace(ann, mail="other@example.org"), ann, an_entry())
    group = access.save_group(access.save_group(Group(name="web", created_at=NOON), an_entry()), an_entry())
    access.remove_token(TOKEN.id, an_entry())
    access.create_service_account(ACCOUNT, TOKEN, an_entry())

    assert access.find_user("ann") == saved
    assert (saved.version, group.version) == (2, 2)
    assert access.find_service_account("web", "ci") == ACCOUNT
    access.remove_service_account(ACCOUNT, an_entry())
    access.remove_user(saved, an_entry())
    assert access.find_user("ann") is None
    assert access.find_token(TOKEN.id) is None


def test_a_keyed_ask_is_claimed_by_whoever_claimed_it(shaky: Tables) -> None:
    records = StoredIdempotency(tables=shaky)

    assert records.claim("k", "mine", now=NOON, until=after(60)) is None
    records.finish("k", "mine", "answer", until=after(99))

    assert records.claim("k", "another", now=NOON, until=after(60)) == "answer"
    records.release("k", "answer")
    assert records.claim("k", "another", now=NOON, until=after(60)) is None


def test_the_audit_log_is_written_and_sealed_once(shaky: Tables) -> None:
    audits = StoredAudits(tables=shaky, identifier=a_world().identifier)
    seal = next_seal(Head(), [ENTRY], NOON)

    steps: tuple[Callable[[], object], ...] = (
        lambda: audits.write(ENTRY),
        lambda: audits.add_seal(seal),
        lambda: audits.mark_sealed(seal),
    )
    said = [step() for step in steps]

    assert said == [None, True, None]
    assert audits.find(AuditSearch(), Page()).entries == [ENTRY]
    assert audits.seals(0, 9) == [seal]
    assert audits.unsealed(9) == []
