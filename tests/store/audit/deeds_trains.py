"""The ways to change trains, snapshots, templates and variables."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.trains.template import Template
from chalicelib.kernel.trains.transitions import entered
from chalicelib.kernel.trains.variables import Scope, ScopeKind, VariableSet
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.ports.trains import SNAPSHOT
from tests.builders import an_entry
from tests.kernel.trains.given import TEST, a_snapshot, a_train
from tests.store.audit.deeds import Kept, Way

CHANGED = a_snapshot()
ENTRY_DETAILS = {SNAPSHOT: str(CHANGED.snapshot.id)}
SCOPE = Scope(kind=ScopeKind.GLOBAL)
VARIABLES = VariableSet(scope=SCOPE, values={"a": "1"})
TEMPLATE = Template(name="standard", pipeline="release")


def a_planned_train(kept: Kept) -> None:
    """There was a train."""
    kept.trains.create(a_train(), None, an_entry())


def a_made_snapshot(kept: Kept) -> None:
    """There was a train with a snapshot."""
    a_planned_train(kept)
    kept.snapshots.create(CHANGED, None, replace(an_entry(), details=ENTRY_DETAILS))


def move(kept: Kept, entry: AuditEntry) -> object:
    """Note that a deployment began."""
    train = replace(CHANGED.train, version=1)
    return kept.snapshots.save(entered(train, CHANGED.snapshot, TEST), entry)


def all_trains(kept: Kept) -> object:
    """All trains with their snapshots."""
    trains = kept.trains.trains(Page())
    return trains, [kept.snapshots.of_train(one.id, Page()) for one in trains]


WAYS: Mapping[str, Way] = {
    "create a train": Way(act=lambda kept, entry: kept.trains.create(a_train(), None, entry), seen=all_trains),
    "save a train": Way(
        before=a_planned_train,
        act=lambda kept, entry: kept.trains.save(replace(a_train(), title="autumn"), entry),
        seen=all_trains,
    ),
    "move a snapshot": Way(before=a_made_snapshot, act=move, seen=all_trains),
    "save variables": Way(
        act=lambda kept, entry: kept.variables.save(VARIABLES, entry), seen=lambda kept: kept.variables.variables(SCOPE)
    ),
    "save a template": Way(
        act=lambda kept, entry: kept.templates.save(TEMPLATE, entry), seen=lambda kept: kept.templates.templates()
    ),
}
