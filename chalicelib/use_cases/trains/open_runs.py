"""The runs of a train that are under way."""

from collections.abc import Iterator
from itertools import islice

from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.trains.train import Train
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.trains.lists import PAGE, all_snapshots


def open_runs(ports: Ports, train: Train) -> Iterator[Run]:
    """Yield the runs of a train's snapshots that have not ended."""
    snapshots = all_snapshots(ports, train.id)
    while some := list(islice(snapshots, PAGE)):
        found = ports.runs.find_runs([run for snapshot in some for run in snapshot.runs])
        yield from (run for run in found if not run.is_final)
