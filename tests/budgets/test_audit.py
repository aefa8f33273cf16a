"""The sealer of the audit log keeps up with 500 entries a second: counted by its calls, of 15 ms each."""

import contextlib
from collections import Counter

from chalicelib.aws.calls import Answer, Aws, AwsRequest, Send
from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.store.audit import keys
from chalicelib.store.audit.audits import StoredAudits
from chalicelib.store.dynamo.records import item_of
from chalicelib.store.dynamo.tables import Tables
from chalicelib.use_cases.audit.seal import LONGEST, seal_audit
from infra import resources
from tests.use_cases.access.access_ports import NOON, a_world, access_ports, after

ENTRIES = 2_000
A_MINUTE = 30_000
CALL_SECONDS = 0.015


def an_entry(number: int) -> AuditEntry:
    return AuditEntry(id=f"run{number}/act#1", at=after(number), by="ann", act="approved", project="web")


def test_what_500_a_second_write_in_a_minute_is_sealed_within_the_time_of_a_round(aws: Aws, prefix: str) -> None:
    resources.create_tables(aws, prefix)
    table = Tables(aws=aws, prefix=prefix).of(keys.AUDIT)
    written = [an_entry(number) for number in range(ENTRIES)]
    table.write_many([item_of(keys.entry_key(one.id), AuditEntry, one, one.id) for one in written])
    table.write_many([keys.unsealed_key(one.id)._asdict() for one in written])
    calls: Counter[str] = Counter()

    def count(ask: AwsRequest, send: Send) -> Answer:
        calls[ask.operation] += 1
        return send(ask)

    with contextlib.closing(Aws(endpoint=aws.endpoint, clock=aws.clock, interceptor=count)) as counted:
        audits = StoredAudits(tables=Tables(aws=counted, prefix=prefix), identifier=a_world().identifier)
        assert seal_audit(access_ports(audits=audits), NOON) == ENTRIES
        assert audits.unsealed(9) == []

    assert sum(calls.values()) / ENTRIES * A_MINUTE * CALL_SECONDS <= LONGEST.total_seconds(), calls
