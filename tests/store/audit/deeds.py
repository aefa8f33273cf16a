"""What is needed to say the laws of deeds: the ports that write them, and the ways in which they do.

Every method of a port that takes an entry of the audit log is a way: deeds_catalog.py, deeds_access.py,
deeds_inventory.py, deeds_trains.py, deeds_installation.py and deeds_workloads.py.
"""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.store.access.access import StoredAccess
from chalicelib.store.audit.audits import StoredAudits
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.feed.writer import FeedWriter
from chalicelib.store.installation.freezes import StoredFreezes
from chalicelib.store.installation.installation import StoredInstallation
from chalicelib.store.projects.definitions import StoredDefinitions
from chalicelib.store.projects.deployments import StoredDeployments
from chalicelib.store.projects.projects import StoredProjects
from chalicelib.store.runs.keys import RUNS
from chalicelib.store.runs.plans import Plans
from chalicelib.store.runs.runners import StoredRunners
from chalicelib.store.subscriptions.subscriptions import StoredSubscriptions
from chalicelib.store.trains.snapshots import StoredSnapshots
from chalicelib.store.trains.templates import StoredTemplates
from chalicelib.store.trains.trains import StoredTrains
from chalicelib.store.trains.variables import StoredVariables
from chalicelib.store.workloads.workloads import StoredWorkloads
from chalicelib.use_cases.ports.access import Access, Audits
from chalicelib.use_cases.ports.freezes import FreezeRecords
from chalicelib.use_cases.ports.installation import Installation
from chalicelib.use_cases.ports.projects import Definitions, Deployments, Projects
from chalicelib.use_cases.ports.runners import Runners
from chalicelib.use_cases.ports.subscriptions import SubscriptionRecords
from chalicelib.use_cases.ports.trains import Snapshots, Templates, Trains, Variables
from chalicelib.use_cases.ports.workloads import Workloads
from tests.fakes.access import FakeAccess
from tests.fakes.audits import FakeAudits
from tests.fakes.definitions import FakeDefinitions
from tests.fakes.deployments import FakeDeployments
from tests.fakes.freezes import FakeFreezes
from tests.fakes.installation import FakeInstallation
from tests.fakes.inventory import FakeInventory, Inventory
from tests.fakes.projects import FakeProjects
from tests.fakes.runners import FakeRunners
from tests.fakes.subscriptions import FakeSubscriptions
from tests.fakes.trains import FakeSnapshots, FakeTemplates, FakeTrains, FakeVariables
from tests.fakes.workloads import FakeWorkloads
from tests.fakes.world import FakeWorld
from tests.store.releases.stored import stored_inventory


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The ports that write deeds, and the audit log in which they stand."""

    audits: Audits
    projects: Projects
    definitions: Definitions
    deployments: Deployments
    access: Access
    inventory: Inventory
    installation: Installation
    freezes: FreezeRecords
    runners: Runners
    subscriptions: SubscriptionRecords
    trains: Trains
    snapshots: Snapshots
    templates: Templates
    variables: Variables
    workloads: Workloads


def in_memory() -> Kept:
    """On fakes."""
    audits = FakeAudits()
    projects = FakeProjects(audits)
    trains = FakeTrains(audits, FakeVariables(audits))
    return Kept(
        audits=audits,
        projects=projects,
        definitions=FakeDefinitions(audits, projects),
        deployments=FakeDeployments(audits, projects),
        access=FakeAccess(audits),
        inventory=FakeInventory(audits),
        installation=FakeInstallation(audits),
        freezes=FakeFreezes(audits),
        runners=FakeRunners(audits),
        subscriptions=FakeSubscriptions(audits),
        trains=trains,
        snapshots=FakeSnapshots(trains),
        templates=FakeTemplates(audits),
        variables=trains.scopes,
        workloads=FakeWorkloads(audits, projects),
    )


def in_tables(tables: Tables) -> Kept:
    """On the stores."""
    return Kept(
        audits=StoredAudits(tables=tables, identifier=FakeWorld().identifier),
        projects=StoredProjects(tables=tables),
        definitions=StoredDefinitions(tables=tables),
        deployments=StoredDeployments(tables=tables, feed=FeedWriter(tables=tables)),
        access=StoredAccess(tables, FakeWorld(), FakeWorld().identifier),
        inventory=stored_inventory(tables),
        installation=StoredInstallation(tables=tables),
        freezes=StoredFreezes(tables, FakeWorld().now),
        runners=StoredRunners(tables),
        subscriptions=StoredSubscriptions(tables=tables, identifier=FakeWorld().identifier),
        trains=StoredTrains(tables=tables),
        snapshots=StoredSnapshots(
            tables=tables,
            identifier=FakeWorld().identifier,
            plans=Plans(tables.of(RUNS)),
            feed=FeedWriter(tables=tables),
        ),
        templates=StoredTemplates(tables=tables),
        variables=StoredVariables(tables=tables),
        workloads=StoredWorkloads(tables=tables, identifier=FakeWorld().identifier),
    )


Before = Callable[[Kept], object]
Act = Callable[[Kept, AuditEntry], object]
Seen = Callable[[Kept], object]


def nothing(_kept: Kept) -> None:
    """Nothing was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to change something. before: what there was. seen: all that it may change.

    is_refused: to somebody else who does the same a moment later. is_shown_once: so that the same ask is told that it
    is done, and not what came of it.
    """

    before: Before = nothing
    act: Act
    seen: Seen
    is_refused: bool = True
    is_shown_once: bool = False
