"""Keep what a run is given, and fold it again: the same has to come out, of this version of the engine or another."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.codec import decode, encode
from chalicelib.kernel.engine.advance import advance, new_run
from chalicelib.kernel.engine.events import Event
from chalicelib.kernel.engine.parting import parted
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.engine.trace import Fold, Trace
from chalicelib.kernel.plans.plan import Plan
from slipway_formats.frozen import frozen

MOST_DIFFERENCES = 20


@frozen
class RunArchive:
    """A run that has ended: the plan that it began with, what it was given since, and what came of it.

    result: without its trace.
    """

    plan: Plan
    trace: Trace
    result: Run


def as_begun(plan: Plan, run: Run) -> Run:
    """Return a run before any event, with what it takes to begin as such a run again."""
    usual = new_run(plan)
    begun_as = "" if run == usual else _json(encode(Run, replace(run, trace=None)))
    return replace(run, trace=Trace(begun_as=begun_as))


def traced(before: Run, after: Run, events: Sequence[Event], now: datetime) -> Run:
    """Return a run after a fold, which it keeps; unless nothing came of it, or what was before is unknown."""
    if after == before or before.trace is None:
        return after
    fold = Fold(at=now, events=_plain(events))
    return replace(after, trace=replace(before.trace, folds=(*before.trace.folds, fold)))


def traced_on(before: Run, after: Run, events: Sequence[Event]) -> Run:
    """Return a run after more was folded as of the instant of its last fold, which tells of that too."""
    if before.trace is None or not before.trace.folds:
        return after
    *earlier, last = before.trace.folds
    joined = replace(last, events=(*last.events, *_plain(events)))
    return replace(after, trace=replace(before.trace, folds=(*earlier, joined)))


def refolded(plan: Plan, trace: Trace) -> Run:
    """Fold again what a run was given. trace: with all its folds. The result is without a trace."""
    begun = decode(Run, json.loads(trace.begun_as)) if trace.begun_as else new_run(plan)
    run = replace(begun, trace=None)
    for fold in trace.folds:
        transition = advance(plan, run, decode(tuple[Event, ...], list(fold.events)), fold.at)
        plan, run = transition.plan, parted(transition.run)[0]
    return run


def differences(archive: RunArchive) -> tuple[str, ...]:
    """Return where what comes out now is not what came out then; empty where all is the same."""
    then, now = (encode(Run, replace(run, version=0, trace=None)) for run in _results(archive))
    found = _differing(then, now, "")
    return tuple(path for path, _ in zip(found, range(MOST_DIFFERENCES), strict=False))


def _results(archive: RunArchive) -> tuple[Run, Run]:
    return archive.result, refolded(archive.plan, archive.trace)


def _differing(then: object, now: object, path: str) -> Iterator[str]:
    """Yield the paths of what differs, without values: there may be secrets among these."""
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        for name in dict.fromkeys((*then, *now)):
            yield from _differing(then.get(name), now.get(name), f"{path}.{name}" if path else str(name))
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for place, (one, other) in enumerate(zip(then, now, strict=True)):
            yield from _differing(one, other, f"{path}[{place}]")
    elif then != now:
        yield path


def _plain(events: Sequence[Event]) -> tuple[object, ...]:
    return tuple(encode(tuple[Event, ...], tuple(events)))


def _json(plain: object) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
