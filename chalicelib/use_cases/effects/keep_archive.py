"""Keep of a run that has ended what it was given, so that it can be folded again."""

from dataclasses import replace

from chalicelib.kernel.engine.refold import RunArchive
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.engine.trace import Trace
from chalicelib.use_cases.ports.bundle import Ports


def keep_archive(ports: Ports, run: Run) -> None:
    """Store the archive of a run as it is now, unless an earlier version began it. Repeating it changes nothing."""
    if run.trace is not None:
        ports.archives.keep(archive_of(ports, run, run.trace))


def archive_of(ports: Ports, run: Run, trace: Trace) -> RunArchive:
    """Return what is known of a run. trace: its own, with the folds that are in its record."""
    earlier = ports.runs.earlier_folds(run.id)[: trace.moved] if trace.moved else ()
    whole = replace(trace, folds=(*earlier, *trace.folds), moved=0)
    # The plan that it began with, which replacements do not touch.
    return RunArchive(plan=ports.runs.plan(run.id), trace=whole, result=replace(run, trace=None))
