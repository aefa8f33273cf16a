"""Port for workloads and the reports of their pods.

A method that takes an audit entry writes the change and the entry in one transaction, as in ports/projects.py: if the
entry exists, nothing is changed and the stored state is returned.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.workloads.pods import PodReport
from chalicelib.kernel.workloads.workload import Workload
from chalicelib.use_cases.ports.runs import Due, Page
from slipway_formats.frozen import frozen


@frozen
class EnvironmentCounts:
    """How much there is in an environment: current workloads, and pipelines that were ever begun."""

    workloads: int = 0
    pipelines: int = 0


class Workloads(Protocol):
    """Workloads of environments. Reads are consistent, but for lists."""

    def save(
        self, workload: Workload, *, replaces: Workload | None = None, entry: AuditEntry | None = None
    ) -> Workload:
        """Save on its version, 0 for a new one; the saved one has the next.

        A current one holds its name in its environment, and the prefix at which it is published in the installation;
        one that is deleted gives them back. replaces: is gone now, and saved on its version in the same transaction.
        Faults: Stale; Conflict if another holds the name or the prefix; NotFound if it is new and its environment is
        missing, or being deleted; TooLarge.
        """

    def workload(self, workload_id: str) -> Workload:
        """Return the workload of this id. Faults: NotFound."""

    def find_workload(self, workload_id: str) -> Workload | None:
        """Return the workload of this id, if there is one."""

    def find_named(self, project: str, environment: str, name: str) -> Workload | None:
        """Return the current workload of this name, if there is one."""

    def find_published(self, prefixes: Sequence[str]) -> Workload | None:
        """Return the workload that is published at the first of these prefixes at which there is one."""

    def of_environment(self, project: str, environment: str, page: Page) -> Sequence[Workload]:
        """List the current workloads of an environment, newest first. May lag. The page's `after` is an id."""

    def every_in(self, project: str, environment: str) -> Sequence[str]:
        """Return the ids of all workloads of an environment, also of those that are gone. Consistent."""

    def count_pipeline(self, project: str, environment: str, entry: AuditEntry) -> None:
        """Count a pipeline that begins in an environment."""

    def counts(self, places: Sequence[tuple[str, str]]) -> Sequence[EnvironmentCounts]:
        """Return how much there is in each of these environments, of projects. May lag."""

    def forget_counts(self, project: str, environment: str) -> None:
        """Forget how much there was in an environment that goes; idempotent."""

    def due(self, before: datetime, page: int) -> Iterator[Due]:
        """Yield those at which somebody must look by then, earliest first. May lag."""

    def report(self, report: PodReport) -> bool:
        """Store a report unless a newer one of the same run is known; return whether it was stored."""

    def find_report(self, workload_id: str, run: str) -> PodReport | None:
        """Return the report of a run's pods, if there is one."""

    def reports_of(self, workload_id: str) -> Sequence[PodReport]:
        """Return the reports of a workload's runs, by run."""

    def reports_in(self, project: str, environment: str, page: Page) -> Sequence[PodReport]:
        """List the reports of an environment, by run. May lag. The page's `after` is a run's id."""

    def forget_reports(self, workload_id: str) -> None:
        """Delete the reports of a workload's pods; idempotent."""

    def forget(self, project: str, environment: str, workload_id: str) -> None:
        """Delete a workload that holds no name any more, with the reports of its pods; idempotent."""
