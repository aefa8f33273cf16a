"""What is done for those who watch logs."""

from chalicelib.functions import live
from chalicelib.use_cases.definitions.executions import ExecutionNamed
from chalicelib.use_cases.jobs.append_log import AppendLog, append_log
from chalicelib.use_cases.jobs.await_wake import AwaitWake, await_wake
from chalicelib.use_cases.logs.execution_logs import ReadExecutionLog
from chalicelib.use_cases.logs.watch_log import offer_log
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.logs import Chunk
from tests.builders import NOON
from tests.crash.house import CONNECTION, CrashHouse
from tests.crash.plans import ONE_JOB, finish, finishing
from tests.crash.stories.story import ROOT, Story, asking, both, held, leased, work_off

ASK = ReadExecutionLog(execution=ExecutionNamed(by=ROOT, of=ONE_JOB.definition, id="run1"))
APPEND = AppendLog(held=held(), after=0, chunks=(Chunk(seq=1, at=NOON, stream="out", text="hello"),))


def offered(house: CrashHouse, ports: Ports) -> None:
    """Somebody has a ticket."""
    house.notes["ticket"] = offer_log(ports, ASK).url.partition("=")[2]


def connecting(house: CrashHouse, ports: Ports) -> None:
    """Somebody comes with the ticket."""
    live.answer(ports, an_event("$connect", house.notes["ticket"]))


def watching(house: CrashHouse, ports: Ports) -> None:
    """Somebody watches, and a line is there to be shown."""
    connecting(house, ports)
    append_log(ports, APPEND)


def an_event(route: str, ticket: str = "") -> dict[str, object]:
    """What API Gateway says of the connection."""
    context = {"routeKey": route, "connectionId": CONNECTION, "requestId": "request-1"}
    return {"requestContext": context, "queryStringParameters": {"ticket": ticket}}


def shown(house: CrashHouse, ports: Ports) -> None:
    """The function behind `live` works off what is there."""
    work_off(house, ports, "live", live.work_off)


WATCHED = both(both(leased(ONE_JOB), offered), watching)


def awaiting(house: CrashHouse, ports: Ports) -> None:
    """A runner has a ticket for being woken."""
    address = await_wake(ports, AwaitWake(pool="default"))
    house.notes["ticket"] = address.url.partition("=")[2] if address is not None else ""


STORIES = {
    "await a wake": Story(act=asking(await_wake, AwaitWake(pool="default")), of=(await_wake,)),
    "let a runner in": Story(before=awaiting, act=connecting, of=(live.handle,)),
    "offer a log": Story(before=leased(ONE_JOB), act=asking(offer_log, ASK), of=(offer_log,)),
    "let a viewer in": Story(before=both(leased(ONE_JOB), offered), act=connecting, of=(live.handle,)),
    "show a log": Story(before=WATCHED, act=shown, of=(live.handle,)),
    "show the end of a log": Story(before=both(WATCHED, finishing(finish())), act=shown, of=(live.handle,)),
    "see a viewer off": Story(
        before=both(WATCHED, shown),
        act=lambda _, ports: live.answer(ports, an_event("$disconnect")),
        of=(live.handle,),
    ),
    "append to a log that is watched": Story(
        before=both(both(leased(ONE_JOB), offered), connecting),
        act=asking(append_log, APPEND),
        of=(append_log,),
    ),
}
