"""Ports for trains, their snapshots, templates and variables.

A method that takes an audit entry writes the change and the entry in one transaction, as in ports/projects.py: if the
entry exists, nothing is changed and the stored state is returned. Faults of all these: Conflict if that was more than a
day ago. A train and its snapshot are saved together on the train's version: two changes of one train never mix.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.integer_ids import LARGEST
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.trains.snapshot import Snapshot, SnapshotStatus
from chalicelib.kernel.trains.template import Template
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.transitions import Changed
from chalicelib.kernel.trains.variables import Scope, VariableSet
from chalicelib.use_cases.ports.runs import Due, Page
from slipway_formats.frozen import frozen

SNAPSHOT = "snapshot"
"""The detail of the audit entry of a new snapshot that says its id: a repeated request finds it by that."""


class Trains(Protocol):
    """Trains. Reads are consistent, but for lists. Lists are newest first; the page's `after` is an id."""

    def create(self, train: Train, variables: VariableSet | None, entry: AuditEntry) -> Train:
        """Store a new train with its variables.

        Faults: Conflict if its application has one of this number, TooLarge.
        """

    def train(self, number: int) -> Train:
        """Return the train of this id. Faults: NotFound."""

    def find_train(self, number: int) -> Train | None:
        """Return the train of this id, if there is one."""

    def find_numbered(self, project: str, application: str, number: str) -> Train | None:
        """Return an application's train of this number, in any case, if there is one."""

    def of_application(self, project: str, application: str, page: Page) -> Sequence[Train]:
        """List the trains of an application."""

    def trains(self, page: Page) -> Sequence[Train]:
        """List all trains of the installation."""

    def due(self, before: datetime, page: int) -> Iterator[Due]:
        """Yield when and of which trains the schedule makes a snapshot until an instant, earliest first.

        Eventually consistent, and perhaps with some that are over.
        """

    def save(self, train: Train, entry: AuditEntry) -> Train:
        """Save on its version; the saved train has the next. Faults: Stale, TooLarge."""

    def forget(self, train: Train) -> None:
        """Delete a train with its snapshots and their numbers; its own record goes last. Idempotent."""


@frozen
class Begun:
    """A new run of a snapshot, before it is stored. variables: given to what it deploys, if any."""

    run: Run
    plan: Plan
    variables: VariableSet | None = None


class Snapshots(Protocol):
    """Snapshots of trains. Reads are consistent, but for lists by status or stage. Lists as of trains."""

    def create(self, changed: Changed, variables: VariableSet | None, entry: AuditEntry) -> Snapshot:
        """Store a new snapshot with its variables, and save its train. entry: says its id as SNAPSHOT.

        Faults: Conflict if the train has one of this number, Stale, TooLarge.
        """

    def save(self, changed: Changed, entry: AuditEntry | None) -> Train:
        """Save a snapshot and its train, on the train's version; return the train. Faults: Stale, TooLarge."""

    def begin(self, changed: Changed, begun: Begun, entries: Sequence[AuditEntry] = ()) -> bool:
        """Save a snapshot and its train, on the train's version, and store a new run: all of it or nothing.

        Return False if there is a run of that id. Faults: Stale, TooLarge; Conflict if one of the entries exists.
        """

    def snapshot(self, train: int, number: int) -> Snapshot:
        """Return the snapshot of this id. Faults: NotFound."""

    def find_snapshot(self, train: int, number: int) -> Snapshot | None:
        """Return the snapshot of this id, if the train has it."""

    def last_saved(self, train: int, number: int) -> Changed | None:
        """Return a snapshot and its train as this process last saved them, if it remembers; perhaps out of date."""

    def find_numbered(self, train: int, number: str) -> Snapshot | None:
        """Return the train's snapshot of this number, in any case, if there is one."""

    def of_train(self, train: int, page: Page) -> Sequence[Snapshot]:
        """List the snapshots of a train."""

    def of_status(self, train: Train, status: SnapshotStatus, page: Page) -> Sequence[Snapshot]:
        """List the snapshots of a train that have a status."""

    def at_stage(self, train: int, stage: str, page: Page) -> Sequence[Snapshot]:
        """List the snapshots of a train whose furthest stage is this, in any case."""


class Templates(Protocol):
    """Templates of trains. Reads are consistent."""

    def save(self, template: Template, entry: AuditEntry) -> Template:
        """Save on its version, 0 for a new one; the saved one has the next. Faults: Stale, TooLarge."""

    def find_template(self, name: str) -> Template | None:
        """Return the template of this name, in any case, if there is one."""

    def templates(self) -> Sequence[Template]:
        """List all templates by name."""


class Variables(Protocol):
    """Variables by scope. Reads are consistent."""

    def variables(self, scope: Scope) -> VariableSet:
        """Return the variables of a scope; a scope without any has none, in version 0."""

    def of_scopes(self, scopes: Sequence[Scope]) -> Sequence[VariableSet]:
        """Return the variables of several scopes, in their order, by one call."""

    def of_joint_scopes(self) -> Sequence[VariableSet]:
        """Return the variables of all joint scopes that ever had some."""

    def save(self, variables: VariableSet, entry: AuditEntry) -> VariableSet:
        """Save on their version, 0 for the first; the saved ones have the next. Faults: Stale, TooLarge."""

    def forget(self, scopes: Sequence[Scope]) -> None:
        """Delete the variables of these scopes; idempotent."""


def within(page: Page, *, above: int = 0, up_to: int = LARGEST) -> range:
    """Return the ids among which a page is looked for. above: exclusive."""
    before = up_to + 1 if page.after is None else min(int(page.after), up_to + 1)
    return range(above + 1, before)


def swept_up_to(train: Train) -> int:
    """Return the id up to which a train's cancelling has rejected what was open; 0 if it never was cancelled."""
    return train.sweeps[-1].up_to if train.sweeps else 0
