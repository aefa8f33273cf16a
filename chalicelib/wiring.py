"""The composition root: the only place that reads the environment and the clock. Adapters of the ports: adapters.py."""

from __future__ import annotations

import os
import random
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from chalicelib.adapter_context import AdapterContext, Process
from chalicelib.adapters import ports_on
from chalicelib.aws.calls import Aws
from chalicelib.aws.calls import Clock as AwsClock
from chalicelib.aws.endpoint import endpoint_from
from chalicelib.gateways.issuer_settings import IssuerSettings, checked_issuer
from chalicelib.gateways.mail_settings import MailSettings, checked_mail
from chalicelib.kernel.access.token import is_well_formed
from chalicelib.kernel.faults import Invalid
from chalicelib.use_cases.ports.bundle import USUAL_LOG_PACE, Ports, Settings
from chalicelib.use_cases.ports.clock import Clock, Ids
from slipway_formats.override import override

if TYPE_CHECKING:
    from chalicelib.gateways.live import Sockets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_IDLE_PAUSE = 60
LONGEST_LOG_PACE = 10
YES = frozenset({"1", "true", "yes", "on"})


class SystemClock(Clock):
    """The clock of this machine."""

    @override
    def now(self) -> datetime:
        return EPOCH + (datetime.now(UTC) - EPOCH) // MILLISECOND * MILLISECOND

    @override
    def pause(self, longest: float) -> None:
        time.sleep(random.random() * longest)  # noqa: S311 - spreads retries, guards nothing


class RandomIds(Ids):
    """Ids and secrets from the random source of this machine."""

    def __init__(self) -> None:
        self._process_key = secrets.token_bytes(32)

    @property
    @override
    def process_key(self) -> bytes:
        return self._process_key

    @override
    def identifier(self) -> str:
        # A ULID: 10 letters of time, 16 random ones.
        number = (datetime.now(UTC) - EPOCH) // MILLISECOND << 80 | secrets.randbits(80)
        return "".join(CROCKFORD[number >> 5 * place & 31] for place in reversed(range(26)))

    @override
    def secret(self) -> str:
        return secrets.token_urlsafe(32)


SYSTEM_CLOCK, RANDOM_IDS = SystemClock(), RandomIds()
AWS_CLOCK = AwsClock(now=lambda: datetime.now(UTC), sleep=time.sleep, dice=random.random)
THIS_PROCESS = Process()


@lru_cache(maxsize=1)
def ports() -> Ports:
    """Return the ports, as the environment configures them; the same object at every call."""
    return ports_on(_context(), settings_in(os.environ))


@lru_cache(maxsize=1)
def aws() -> Aws:
    """Return the AWS client, as the environment configures it; the same object at every call."""
    return aws_in(os.environ)


def join(bell: Callable[[str], None], sockets: Sockets | None = None) -> None:
    """Make this process part of the local cloud: `bell` is called after each send, and callers may long-poll."""
    from chalicelib.store.dynamo.due_memory import DueMemory

    THIS_PROCESS.bell = bell
    THIS_PROCESS.sockets = sockets
    THIS_PROCESS.waits = THIS_PROCESS.is_alone = True
    THIS_PROCESS.due = DueMemory()


def recover() -> None:
    """Undo what a crash may have half persisted: jump counters and fences, end leases, have open runs request their
    effects again.
    """
    from chalicelib.store.runs.recover import CrashRecovery
    from chalicelib.store.runs.recover import recover as run_recovery

    known = ports()
    recovery = CrashRecovery(
        tables=_context().tables(), identifier=known.ids.identifier, jobs=known.jobs, queue=known.queue
    )
    run_recovery(recovery, known.clock.now())


def resume() -> None:
    """Request effects again that were committed and not acknowledged before a stop."""
    from chalicelib.use_cases.runs.resume import resume as resume_runs

    resume_runs(ports())


def admin_token(kept: str | None = None) -> str | None:
    """Return the admin token: the kept one, which is stored if needed, or the one created at first start.

    None if none was kept and there is one already, whose text cannot be read again.
    """
    from chalicelib.use_cases.credentials.ensure_admin import EnsureAdmin, ensure_admin

    text = kept if kept is not None and is_well_formed(kept) else None
    return ensure_admin(ports(), EnsureAdmin(now=ports().clock.now(), text=text)) or text


def runner_token(kept: str | None = None) -> str:
    """Return the token of this machine's own runner: the kept one while it is valid, else a new one."""
    from chalicelib.use_cases.credentials.ensure_runner import EnsureRunner, ensure_runner

    pool = os.environ.get("SLIPWAY_POOL") or "default"
    asked = EnsureRunner(now=ports().clock.now(), runner="local", pools=(pool,), text=kept)
    return ensure_runner(ports(), asked)


def settings_in(environment: Mapping[str, str]) -> Settings:
    """Return the settings of the installation."""
    port = environment.get("SLIPWAY_PORT") or "8000"
    own = f"http://127.0.0.1:{port}"
    public_url = (environment.get("SLIPWAY_PUBLIC_URL") or own).rstrip("/")
    return Settings(
        public_url=public_url,
        live_url=environment.get("SLIPWAY_LIVE_URL") or f"ws{public_url.removeprefix('http')}/live",
        trusts_identity_header=environment.get("SLIPWAY_TRUST_IDENTITY_HEADER", "").lower() in YES,
        identity_secret=environment.get("SLIPWAY_IDENTITY_SECRET", ""),
        opens_deploy_reads=environment.get("SLIPWAY_DEPLOY_OPEN", "").lower() in YES,
        sweep_ahead=timedelta(seconds=float(environment.get("SLIPWAY_SWEEP_AHEAD_SECONDS") or 90)),
        timezone=_timezone(environment.get("SLIPWAY_TIMEZONE") or "UTC"),
        executor=environment.get("SLIPWAY_EXECUTOR", ""),
        pool_projects=_pool_projects(environment.get("SLIPWAY_POOL_PROJECTS", "")),
        production=tuple((environment.get("SLIPWAY_PRODUCTION") or "prod*").split()),
        fresh_login=timedelta(seconds=float(environment.get("SLIPWAY_FRESH_LOGIN_SECONDS") or 3600)),
        idle_pause=_pause(environment, "SLIPWAY_IDLE_PAUSE_SECONDS", LONGEST_IDLE_PAUSE),
        keep_runs=_keep_runs(environment.get("SLIPWAY_KEEP_RUNS_DAYS", "")),
        log_pace=_pause(environment, "SLIPWAY_LOG_PACE_SECONDS", LONGEST_LOG_PACE) or USUAL_LOG_PACE,
    )


def _timezone(name: str) -> str:
    """Return the name of a time zone. Raises ValueError, as SLIPWAY_TIMEZONE would mean another time."""
    from chalicelib.kernel.plans.quartz import zone_named

    try:
        zone_named(name)
    except Invalid as fault:
        raise ValueError(f"SLIPWAY_TIMEZONE: {fault.message}") from fault
    return name


def _pause(environment: Mapping[str, str], name: str, longest: float) -> float | None:
    """Return the seconds; None if left out. Faults: ValueError."""
    text = environment.get(name, "")
    if not text:
        return None
    with suppress(ValueError):
        if 0 < float(text) <= longest:
            return float(text)
    raise ValueError(f"{name}: {text} is no number over 0 and at most {longest}")


def _keep_runs(text: str) -> timedelta | None:
    """Return how long ended runs stay in the tables; None for ever. Faults: ValueError."""
    if not text:
        return None
    if not text.isdigit() or int(text) < 1:
        raise ValueError(f"SLIPWAY_KEEP_RUNS_DAYS: {text} is no whole number of days")
    return timedelta(days=int(text))


def _pool_projects(text: str) -> Mapping[str, frozenset[str]]:
    """Return what `gpu=web,api trusted=ops` binds. Faults: ValueError: nothing is served with half of it."""
    bound = dict[str, frozenset[str]]()
    for word in text.split():
        pool, equals, projects = word.partition("=")
        if not pool or not equals or pool in bound:
            raise ValueError(f"SLIPWAY_POOL_PROJECTS: {word!r} is no pool=project,project of its own")
        bound[pool] = frozenset(filter(None, projects.split(",")))
    return bound


def issuer_in(environment: Mapping[str, str]) -> IssuerSettings | None:
    """Return the outside issuer; None for none. Raises ValueError where half of its settings are there."""
    settings = IssuerSettings(
        issuer=environment.get("SLIPWAY_JWT_ISSUER", ""),
        audience=environment.get("SLIPWAY_JWT_AUDIENCE", ""),
        secret=environment.get("SLIPWAY_JWT_SECRET", ""),
        jwks_url=environment.get("SLIPWAY_JWT_JWKS_URL", ""),
    )
    return checked_issuer(settings)


def mail_in(environment: Mapping[str, str]) -> MailSettings | None:
    """Return how mail is sent; None for not at all. Raises ValueError where the settings are of no use."""
    way, sender = environment.get("SLIPWAY_MAIL", ""), environment.get("SLIPWAY_MAIL_FROM", "")
    return checked_mail(MailSettings(way=way, sender=sender))


def aws_in(environment: Mapping[str, str]) -> Aws:
    """Return a client of AWS, or of a local stand-in."""
    return Aws(endpoint=endpoint_from(environment), clock=AWS_CLOCK)


def _context() -> AdapterContext:
    return AdapterContext(
        aws=aws,
        clock=SYSTEM_CLOCK,
        ids=RANDOM_IDS,
        prefix=os.environ.get("SLIPWAY_PREFIX") or "slipway-",
        process=THIS_PROCESS,
        calls_private=os.environ.get("SLIPWAY_CALL_PRIVATE_ADDRESSES", "").lower() in YES,
        issuer=issuer_in(os.environ),
        mail=mail_in(os.environ),
    )
