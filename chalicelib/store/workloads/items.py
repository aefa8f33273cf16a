"""Items of workloads and of the reports of their pods."""

from chalicelib.kernel.workloads.pods import PodReport
from chalicelib.kernel.workloads.workload import Workload, titled
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.key_parts import due_range
from chalicelib.store.dynamo.records import item_of
from chalicelib.store.workloads import keys


def workload_item(workload: Workload) -> Item:
    """The item of a workload. Faults: TooLarge."""
    is_listed, look_at = workload.is_current, workload.look_at
    return item_of(
        keys.workload_key(workload.id),
        Workload,
        workload,
        titled(workload),
        first=keys.environment_partition(workload.project, workload.environment) if is_listed else None,
        first_key=workload.id if is_listed else None,
        second=keys.DUE if look_at is not None else None,
        second_key=due_range(look_at) if look_at is not None else None,
        version=workload.version,
    )


def report_item(report: PodReport) -> Item:
    """The item of a report. Faults: TooLarge."""
    return item_of(
        keys.pods_key(report.workload, report.run),
        PodReport,
        report,
        f"pods of {report.workload}",
        first=keys.pods_hash(report.project, report.environment),
        first_key=report.run,
        sequence=report.sequence,
    )


def prefix_of(workload: Workload | None) -> str:
    """The prefix at which a workload is published; blank for none."""
    manifest = workload.manifest if workload is not None else None
    return manifest.published.prefix if manifest is not None and manifest.published is not None else ""
