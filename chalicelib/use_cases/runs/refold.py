"""Fold a run again on the present engine, and tell whether the same comes out."""

from chalicelib.kernel.engine.refold import RunArchive, differences
from chalicelib.kernel.faults import Conflict
from chalicelib.use_cases.effects.keep_archive import archive_of
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class Refolded:
    """What came of folding a run again. folds: how many there are. differs: where another result came out."""

    run: str
    folds: int
    differs: tuple[str, ...]


def refold_run(ports: Ports, run_id: str) -> Refolded:
    """Fold a run again: as it was archived at its end, else as it is now.

    Faults: NotFound; Conflict for a run that an earlier version began, which did not keep what it was given.
    """
    archive = ports.archives.find(run_id) or _so_far(ports, run_id)
    return Refolded(run=run_id, folds=len(archive.trace.folds), differs=differences(archive))


def _so_far(ports: Ports, run_id: str) -> RunArchive:
    run = ports.runs.run(run_id)
    if run.trace is None:
        raise Conflict(f"what run {run_id} was given is not kept: an earlier version began it")
    return archive_of(ports, run, run.trace)
