"""What the functions beside the API do."""

from chalicelib.functions import advance, effects, sweep
from chalicelib.kernel.engine.run import ActKind
from chalicelib.use_cases.audit.seal import Verify, verify_audit
from chalicelib.use_cases.jobs.hand_out import finish_and_lease
from chalicelib.use_cases.ports.bundle import Ports
from tests.builders import a_plan
from tests.crash.catalog import definitions
from tests.crash.house import CrashHouse
from tests.crash.plans import (
    CALLING,
    EXCLUSIVE,
    MAILING,
    TWICE,
    WAITING,
    deciding,
    events,
    finish,
    outward,
    overtaking,
)
from tests.crash.stories.story import Story, after, asked, begun, both, leased


def swept(_house: CrashHouse, ports: Ports) -> None:
    """What the clock has done every minute."""
    sweep.sweep(ports)


def sealed(house: CrashHouse, ports: Ports) -> None:
    """A minute later all is sealed, and the chain is whole."""
    swept(house, ports)
    verified = verify_audit(ports, Verify())
    assert (verified.is_end, verified.broken, verified.entries > 0) == (True, None, True)
    assert not ports.audits.unsealed(1)


STORIES = {
    "hear that one was overtaken": Story(
        before=both(
            begun(overtaking(1), overtaking(2)),
            lambda house, ports: deciding(ActKind.APPROVED, run="run2")(house, ports),
        ),
        act=events,
        of=(advance.handle,),
    ),
    "hear that many were overtaken": Story(
        before=both(
            begun(*(overtaking(number) for number in range(1, 13))),
            lambda house, ports: deciding(ActKind.APPROVED, run="run12")(house, ports),
        ),
        act=events,
        of=(advance.handle,),
    ),
    "inherit a lock": Story(
        before=both(
            both(begun(a_plan(EXCLUSIVE), a_plan(EXCLUSIVE, run="run2")), leased()),
            lambda _, ports: finish_and_lease(ports, finish()),
        ),
        act=events,
        of=(advance.handle,),
    ),
    "open a gate in time": Story(before=begun(WAITING), act=after(5, events), of=(advance.handle,)),
    "lose a runner": Story(before=both(leased(TWICE), after(26, swept)), act=events, of=(advance.handle,)),
    "lose a runner before it begins": Story(
        before=both(leased(TWICE, says_began=True), after(26, swept)), act=events, of=(advance.handle,)
    ),
    "send a mail": Story(before=asked(MAILING), act=outward, of=(effects.handle,)),
    "call a webhook": Story(before=asked(CALLING), act=outward, of=(effects.handle,)),
    "sweep": Story(before=leased(TWICE), act=after(60, swept), of=(sweep.handle,), then=sealed),
    "seal what was done": Story(before=definitions, act=swept, of=(sweep.handle,), then=sealed),
}
