"""The one place that reads the environment and the clock, and joins ports to adapters.

Each adapter is imported and made when it is first used, once: a function pays for what it touches alone.
"""

from __future__ import annotations

import os
import random
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from chalicelib.aws.calls import Aws, Chance
from chalicelib.aws.reach import reach
from chalicelib.kernel.faults import Unavailable
from chalicelib.kernel.token import is_well_formed
from chalicelib.use_cases.ports import Ports, Settings
from chalicelib.use_cases.ports_world import World

if TYPE_CHECKING:
    from chalicelib.store.tables import Tables
    from chalicelib.use_cases.ports_access import Access, Audits, Idempotency, Secrets
    from chalicelib.use_cases.ports_catalog import Definitions, Deployments, Projects
    from chalicelib.use_cases.ports_runs import Jobs, Runs

Port = TypeVar("Port")

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
YES = frozenset({"1", "true", "yes", "on"})


class TrueWorld:
    """The clock and the dice of this machine."""

    def now(self) -> datetime:
        """The time, aware, UTC, in whole milliseconds."""
        return EPOCH + (datetime.now(UTC) - EPOCH) // MILLISECOND * MILLISECOND

    def identifier(self) -> str:
        """A new ULID: 10 letters of time, 16 of chance."""
        number = (datetime.now(UTC) - EPOCH) // MILLISECOND << 80 | secrets.randbits(80)
        return "".join(CROCKFORD[number >> 5 * place & 31] for place in reversed(range(26)))

    def secret(self) -> str:
        """A new unguessable text, fit for a URL."""
        return secrets.token_urlsafe(32)

    def pause(self, longest: float) -> None:
        """Sleep a random while, up to so many seconds."""
        time.sleep(random.random() * longest)  # noqa: S311 - spreads retries, guards nothing


TRUE_WORLD = TrueWorld()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What adapters stand on. aws: made when it is first asked for. prefix: of all names there."""

    aws: Callable[[], Aws]
    prefix: str
    world: World = TRUE_WORLD

    def tables(self) -> Tables:
        """The tables of the installation."""
        from chalicelib.store.tables import Tables

        return Tables(aws=self.aws(), prefix=self.prefix)


class Later(Generic[Port]):
    """Stands for an adapter until it is first used, then hands everything on to it."""

    def __init__(self, make: Callable[[], Port]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: Port | None = None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the adapter has
        with self._lock:
            if self._made is None:
                self._made = self._make()
        found = getattr(self._made, name)
        setattr(self, name, found)  # the next use finds it at once
        return found


def later(make: Callable[[], Port]) -> Port:
    """An adapter that is made when it is first used."""
    return cast("Port", Later(make))


def missing(port: str) -> Any:  # noqa: ANN401 - stands for any port
    """In place of an adapter that this installation goes without. Faults, when used: Unavailable."""

    def refuse() -> object:
        raise Unavailable(f"the port {port} has no adapter")

    return Later(refuse)


@lru_cache(maxsize=1)
def ports() -> Ports:
    """Everything outside, as the environment describes it; the same at every call."""
    return ports_in(os.environ)


@lru_cache(maxsize=1)
def aws() -> Aws:
    """AWS, or what stands in for it, as the environment describes it; the same at every call."""
    return aws_in(os.environ)


def admin_token(kept: str | None = None) -> str | None:
    """The text of a token that may do everything: the kept one, which holds from now on, or one made at first start.

    Nothing, when none was kept and there is one that nobody can read again.
    """
    from chalicelib.use_cases.ensure_admin import EnsureAdmin, ensure_admin

    text = kept if kept is not None and is_well_formed(kept) else None
    return ensure_admin(ports(), EnsureAdmin(now=ports().world.now(), text=text)) or text


def settings_in(environment: Mapping[str, str]) -> Settings:
    """What the installation has chosen."""
    port = environment.get("SLIPWAY_PORT") or "8000"
    own = f"http://127.0.0.1:{port}"
    return Settings(
        public_url=(environment.get("SLIPWAY_PUBLIC_URL") or own).rstrip("/"),
        trusts_identity_header=environment.get("SLIPWAY_TRUST_IDENTITY_HEADER", "").lower() in YES,
        sweep_ahead=timedelta(seconds=float(environment.get("SLIPWAY_SWEEP_AHEAD_SECONDS") or 90)),
    )


def aws_in(environment: Mapping[str, str]) -> Aws:
    """AWS, or what stands in for it."""
    chance = Chance(now=lambda: datetime.now(UTC), sleep=time.sleep, dice=random.random)
    return Aws(reach=reach(environment), chance=chance)


def ports_in(environment: Mapping[str, str]) -> Ports:
    """Everything outside, as an environment describes it."""
    prefix = environment.get("SLIPWAY_PREFIX") or "slipway-"
    return ports_on(Ground(aws=aws, prefix=prefix), settings_in(environment))


def ports_on(ground: Ground, settings: Settings) -> Ports:
    """Everything outside, on this ground."""
    return Ports(
        world=ground.world,
        settings=settings,
        runs=later(lambda: _runs(ground)),
        jobs=later(lambda: _jobs(ground)),
        logs=missing("logs"),
        locks=missing("locks"),
        watermarks=missing("watermarks"),
        numbers=missing("numbers"),
        queue=missing("queue"),
        outside=missing("outside"),
        live=missing("live"),
        projects=later(lambda: _projects(ground)),
        definitions=later(lambda: _definitions(ground)),
        deployments=later(lambda: _deployments(ground)),
        inventory=missing("inventory"),
        packages=missing("packages"),
        access=later(lambda: _access(ground)),
        audits=later(lambda: _audits(ground)),
        idempotency=later(lambda: _idempotency(ground)),
        secrets=later(lambda: _secrets(ground)),
    )


def _runs(ground: Ground) -> Runs:
    from chalicelib.store.runs import StoredRuns

    return StoredRuns(ground.tables(), ground.world.identifier)


def _jobs(ground: Ground) -> Jobs:
    from chalicelib.store.jobs import StoredJobs

    return StoredJobs(ground.tables(), ground.world.identifier)


def _projects(ground: Ground) -> Projects:
    from chalicelib.store.catalog_projects import StoredProjects

    return StoredProjects(tables=ground.tables())


def _definitions(ground: Ground) -> Definitions:
    from chalicelib.store.catalog_definitions import StoredDefinitions

    return StoredDefinitions(tables=ground.tables())


def _deployments(ground: Ground) -> Deployments:
    from chalicelib.store.deployments import StoredDeployments

    return StoredDeployments(tables=ground.tables())


def _access(ground: Ground) -> Access:
    from chalicelib.store.access import StoredAccess

    return StoredAccess(ground.tables(), ground.world)


def _audits(ground: Ground) -> Audits:
    from chalicelib.store.audit import StoredAudits

    return StoredAudits(tables=ground.tables(), world=ground.world)


def _idempotency(ground: Ground) -> Idempotency:
    from chalicelib.store.idempotency import StoredIdempotency

    return StoredIdempotency(tables=ground.tables())


def _secrets(ground: Ground) -> Secrets:
    from chalicelib.gateways.secrets import AwsSecrets

    return AwsSecrets(aws=ground.aws(), prefix=ground.prefix)
