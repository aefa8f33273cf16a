"""The one place that reads the environment and the clock. What stands behind which port: adapters.py."""

from __future__ import annotations

import os
import random
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from chalicelib.adapters import AdapterContext, Process, ports_on
from chalicelib.aws.calls import Aws, Clock
from chalicelib.aws.endpoint import endpoint_from
from chalicelib.kernel.access.token import is_well_formed
from chalicelib.use_cases.ports.bundle import Ports, Settings

if TYPE_CHECKING:
    from chalicelib.gateways.live import Sockets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
YES = frozenset({"1", "true", "yes", "on"})


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The time, aware, UTC, in whole milliseconds."""
        return EPOCH + (datetime.now(UTC) - EPOCH) // MILLISECOND * MILLISECOND

    def pause(self, longest: float) -> None:
        """Sleep a random while, up to so many seconds."""
        time.sleep(random.random() * longest)  # noqa: S311 - spreads retries, guards nothing


class RandomIds:
    """Ids and secrets from the random source of this machine."""

    def identifier(self) -> str:
        """A new ULID: 10 letters of time, 16 of clock."""
        number = (datetime.now(UTC) - EPOCH) // MILLISECOND << 80 | secrets.randbits(80)
        return "".join(CROCKFORD[number >> 5 * place & 31] for place in reversed(range(26)))

    def secret(self) -> str:
        """A new unguessable text, fit for a URL."""
        return secrets.token_urlsafe(32)


SYSTEM_CLOCK, RANDOM_IDS = SystemClock(), RandomIds()
THIS_PROCESS = Process()


@lru_cache(maxsize=1)
def ports() -> Ports:
    """Everything outside, as the environment describes it; the same at every call."""
    return ports_on(_context(), settings_in(os.environ))


@lru_cache(maxsize=1)
def aws() -> Aws:
    """AWS, or what stands in for it, as the environment describes it; the same at every call."""
    return aws_in(os.environ)


def join(bell: Callable[[str], None], sockets: Sockets | None = None) -> None:
    """From now on this process is the local cloud's: queues ring its bell, and callers may wait for news, or watch."""
    THIS_PROCESS.bell = bell
    THIS_PROCESS.sockets = sockets
    THIS_PROCESS.waits = True


def recover() -> None:
    """After an unclean stop, everything is as if the lost second had been seen by nobody."""
    from chalicelib.store.runs.recover import CrashRecovery
    from chalicelib.store.runs.recover import recover as set_right

    known = ports()
    recovery = CrashRecovery(
        tables=_context().tables(), identifier=known.ids.identifier, jobs=known.jobs, queue=known.queue
    )
    set_right(recovery, known.clock.now())


def resume() -> None:
    """After a stop of any kind, what was committed and not performed is performed."""
    from chalicelib.use_cases.runs.resume import resume as go_on

    go_on(ports())


def admin_token(kept: str | None = None) -> str | None:
    """The text of a token that may do everything: the kept one, which holds from now on, or one made at first start.

    Nothing, when none was kept and there is one that nobody can read again.
    """
    from chalicelib.use_cases.access.ensure_admin import EnsureAdmin, ensure_admin

    text = kept if kept is not None and is_well_formed(kept) else None
    return ensure_admin(ports(), EnsureAdmin(now=ports().clock.now(), text=text)) or text


def settings_in(environment: Mapping[str, str]) -> Settings:
    """What the installation has chosen."""
    port = environment.get("SLIPWAY_PORT") or "8000"
    own = f"http://127.0.0.1:{port}"
    public_url = (environment.get("SLIPWAY_PUBLIC_URL") or own).rstrip("/")
    return Settings(
        public_url=public_url,
        live_url=environment.get("SLIPWAY_LIVE_URL") or f"ws{public_url.removeprefix('http')}/live",
        trusts_identity_header=environment.get("SLIPWAY_TRUST_IDENTITY_HEADER", "").lower() in YES,
        sweep_ahead=timedelta(seconds=float(environment.get("SLIPWAY_SWEEP_AHEAD_SECONDS") or 90)),
    )


def aws_in(environment: Mapping[str, str]) -> Aws:
    """AWS, or what stands in for it."""
    clock = Clock(now=lambda: datetime.now(UTC), sleep=time.sleep, dice=random.random)
    return Aws(endpoint=endpoint_from(environment), clock=clock)


def _context() -> AdapterContext:
    return AdapterContext(
        aws=aws,
        clock=SYSTEM_CLOCK,
        ids=RANDOM_IDS,
        prefix=os.environ.get("SLIPWAY_PREFIX") or "slipway-",
        process=THIS_PROCESS,
        calls_private=os.environ.get("SLIPWAY_CALL_PRIVATE_ADDRESSES", "").lower() in YES,
    )
