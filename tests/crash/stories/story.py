"""What a story is, and what stories begin with. The stories themselves stand beside it, by noun."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import ADMIN, ALL
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.plans.plan import Plan
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.jobs.hand_out import HandOutJobs, hand_out_jobs
from chalicelib.use_cases.jobs.lease import Heartbeat, LeaseJobs, token_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.advance import start_run
from tests.builders import NOON, ORIGIN
from tests.crash.house import CrashHouse, Refusals
from tests.crash.mail import as_event

SEED = "5eed" * 16
"""Of an ask that its asker may repeat: as of a keyed one."""

ROOT = Principal(name="root", kind=PrincipalKind.ADMIN, roles=frozenset({ADMIN}), scopes=frozenset({ALL}))
NONCE = "nonce-of-a-lease-call"
FIRST, SECOND = "run1.1.s1.1", "run1.1.s2.1"

DONE: Refusals = (Conflict,)
"""Who decides again is told that it is decided, who wants the same token again that it was shown."""

GONE: Refusals = (NotFound,)
"""Who removes again is told that there is nothing."""

Ask = TypeVar("Ask")
Handler = Callable[..., object]
Before = Callable[[CrashHouse, Ports], object]
Act = Callable[[CrashHouse, Ports], object]


def nothing(_house: CrashHouse, _ports: Ports) -> None:
    """Nothing was, or is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """before: what there was. act: done by a process with a fault. of: the handlers that it strikes.

    held: what a runner that lives on holds. then: what is done by a process without a fault, once time has healed.
    refusals: how who asks again may be told that it is done; without any, the answer must be as good as the first.
    """

    before: Before = nothing
    act: Act
    of: tuple[Handler, ...]
    held: Mapping[str, Heartbeat] = field(default_factory=dict)
    then: Act = nothing
    refusals: Refusals = ()


def an_origin(seed: str = SEED, by: Principal = ROOT) -> Origin:
    """Where the ask comes from."""
    return Origin(by=by, at=NOON, seed=seed)


def asking(verb: Callable[[Ports, Ask], object], ask: Ask) -> Act:
    """Somebody asks for something."""
    return lambda _, ports: verb(ports, ask)


def begun(*plans: Plan) -> Before:
    """These runs have begun."""

    def before(house: CrashHouse, ports: Ports) -> None:
        for plan in plans:
            start_run(ports, plan, origin=ORIGIN)
        house.deliver(ports)

    return before


def leased(*plans: Plan, slots: int = 1, says_began: bool = False) -> Before:
    """These runs have begun, and a runner has their first jobs."""

    def before(house: CrashHouse, ports: Ports) -> None:
        begun(*plans)(house, ports)
        hand_out_jobs(ports, HandOutJobs(lease=a_lease(slots, says_began=says_began)))

    return before


def asked(plan: Plan) -> Before:
    """This run has begun, and nothing was delivered."""
    return lambda _, ports: start_run(ports, plan, origin=ORIGIN)


def both(first: Before, second: Before) -> Before:
    """First the one, then the other."""

    def before(house: CrashHouse, ports: Ports) -> None:
        first(house, ports)
        second(house, ports)

    return before


def a_lease(slots: int = 1, nonce: str = NONCE, *, says_began: bool = False) -> LeaseJobs:
    """A runner's asking for work."""
    return LeaseJobs(pool="default", runner="r1", slots=slots, nonce=nonce, says_began=says_began)


def held(job: str = FIRST, nonce: str = NONCE, *, began: bool = False) -> Heartbeat:
    """What a runner shows for its job."""
    return Heartbeat(job=job, token=token_for(nonce, job), number=1, began=began)


def work_off(house: CrashHouse, ports: Ports, queue: str, handler: Callable[..., dict[str, object]]) -> None:
    """One batch of a queue."""
    letters = house.mail.due(queue)
    house.mail.settle(letters, handler(ports, as_event(letters)))


class Saying:
    """A port that says some things otherwise."""

    def __init__(self, behind: object, **said: object) -> None:
        self._behind = behind
        self.__dict__.update(said)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the port has
        return getattr(self._behind, name)


def among_others(act: Act) -> Act:
    """The act as on AWS: jobs are offered after the commit of their run, and a message has each lease checked."""

    def there(house: CrashHouse, ports: Ports) -> object:
        runs: Any = Saying(ports.runs, most_beside=0)
        jobs: Any = Saying(ports.jobs, is_due_when_lost=False)
        return act(house, replace(ports, runs=runs, jobs=jobs))

    return there


def after(seconds: float, act: Act) -> Act:
    """The act, a while later."""

    def late(house: CrashHouse, ports: Ports) -> object:
        house.world.at = NOON + timedelta(seconds=seconds)
        return act(house, ports)

    return late
