"""Who lets something into production by a session has logged in lately: a browser left open decides nothing."""

from collections.abc import Iterable
from datetime import datetime
from fnmatch import fnmatchcase

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.engine.run import ActKind, Run
from chalicelib.kernel.faults import Unauthenticated
from chalicelib.kernel.plans.plan import Plan
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.decide import DecideNode, DecideRun

STALE = "stale-login"
LETTING_IN = frozenset({ActKind.APPROVED, ActKind.OVERRODE, ActKind.PROMOTED, ActKind.REPLAYED, ActKind.RETRIED})
"""Acts by which something may get into an environment. What stops a run is never put off."""


def check_fresh_login(ports: Ports, command: DecideNode | DecideRun, now: datetime) -> None:
    """Refuse an act that lets something into production, by a session that began too long ago.

    Faults: Unauthenticated with the code STALE; NotFound without such a run that the caller may read.
    """
    if command.kind not in LETTING_IN or _is_fresh(ports, command.by, now):
        return
    run = ports.runs.run(command.run)
    plan = ports.runs.plan(run.plan)
    # Else the question for a login would tell of runs in other people's projects.
    require(command.by, Level.READ, plan.definition.project, missing=f"no run {command.run}")
    check_fresh_for(ports, command.by, _environments(run, plan, command), now)


def check_fresh_for(ports: Ports, by: Principal, environments: Iterable[str], now: datetime) -> None:
    """Refuse what lets something into these environments, if one is production, by a session that began too long ago.

    Faults: Unauthenticated with the code STALE.
    """
    if is_production(ports, environments) and not _is_fresh(ports, by, now):
        raise Unauthenticated("this lets something into production: log in again, and decide then", code=STALE)


def is_production(ports: Ports, environments: Iterable[str]) -> bool:
    """Whether one of these environments is production, as the settings say."""
    return any(fnmatchcase(one, pattern) for one in environments for pattern in ports.settings.production)


def _is_fresh(ports: Ports, by: Principal, now: datetime) -> bool:
    longest, token = ports.settings.fresh_login, ports.access.find_token(by.token) if by.token else None
    return not longest or (token is not None and token.is_session and now < token.created_at + longest)


def _environments(run: Run, plan: Plan, command: DecideNode | DecideRun) -> set[str]:
    """Return the environments into which the act may let something: of its stage, or of all where it names none."""
    named = _stage(run, command)
    stages = [one for one in plan.stages if named in ("", one.key, one.name)]
    return {one.environment or plan.definition.environment for one in stages}


def _stage(run: Run, command: DecideNode | DecideRun) -> str:
    """Return the key or name of the stage that the act is about; empty where it names none."""
    if isinstance(command, DecideRun) and command.stage:
        return command.stage
    execution = run.execution(command.execution) if command.execution is not None else None
    return execution.stage if execution is not None else ""
