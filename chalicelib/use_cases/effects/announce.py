"""Notify others of a run's change: viewers, its train, and at its end whoever waits for that."""

from chalicelib.kernel.engine.effects import Announce, Occasion
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.plans.plan import Plan, Train
from chalicelib.use_cases.ports.bundle import Ports


def announce(ports: Ports, plan: Plan, run: Run, effect: Announce) -> bool:
    """Push the change to viewers; at the end notify all who wait for it. Return False if it must be requested again."""
    change = {"run": run.id, "occasion": effect.occasion.value, "phase": run.phase.value, "version": run.version}
    ports.live.push(f"run/{run.id}", change)
    if plan.travels is not None and effect.occasion in (Occasion.STAGE_BEGAN, Occasion.STAGE_ENDED):
        _note_progress(ports, plan, run, plan.travels, occasion=effect.occasion)
    if effect.occasion is not Occasion.RUN_ENDED or not run.is_final:
        return True
    from chalicelib.use_cases.effects.announce_end import announce_end

    return announce_end(ports, plan, run)


def _note_progress(ports: Ports, plan: Plan, run: Run, line: Train, *, occasion: Occasion) -> None:
    """Note how far a snapshot came: where a stage of its run began, and where the last one went well."""
    from chalicelib.kernel.definitions.travel import progress
    from chalicelib.use_cases.trains.progress import Noted, note_progress

    done, now = progress(plan, run), ports.clock.now()
    if occasion is Occasion.STAGE_BEGAN or done.arrived:
        note_progress(ports, Noted(line=line, run=run.id, by=plan.started_by, at=now, progress=done))
