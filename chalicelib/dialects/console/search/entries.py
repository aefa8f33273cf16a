"""What is found beside names: pages, and what one can do, each with who it is offered to."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from chalicelib.dialects.console.frame.rail import RAIL
from chalicelib.kernel.access.principal import Principal, is_admin, may_somewhere
from chalicelib.kernel.access.role import Level
from slipway_formats.frozen import frozen

PAGE, COMMAND = "page", "command"


class Needs(StrEnum):
    """Who an entry is offered to. WRITER, OWNER: of any project."""

    NOTHING = "nothing"
    WRITER = "writer"
    OWNER = "owner"
    ADMIN = "admin"


@frozen
class Entry:
    """A page, or something to do. path: of the console."""

    kind: str
    words: str
    path: str
    needs: Needs = Needs.NOTHING


ENTRIES = (
    *(Entry(kind=PAGE, words=stop.word, path=stop.path) for stop in RAIL),
    Entry(kind=PAGE, words="What is where", path="/home#board"),
    Entry(kind=PAGE, words="Runs that wait for my word", path="/runs?waiting_for=me"),
    Entry(kind=PAGE, words="Runs that failed", path="/runs?status=failed"),
    Entry(kind=PAGE, words="My runs", path="/runs?by=me"),
    Entry(kind=COMMAND, words="Start a task", path="/tasks#start", needs=Needs.WRITER),
    Entry(kind=COMMAND, words="Freeze an environment", path="/calendar#freeze", needs=Needs.OWNER),
    Entry(kind=COMMAND, words="Stop the line", path="/calendar#stop", needs=Needs.OWNER),
    Entry(kind=COMMAND, words="Let the line go on", path="/calendar#resume", needs=Needs.OWNER),
    Entry(kind=COMMAND, words="Ask why a person may do something", path="/access#why", needs=Needs.OWNER),
    Entry(kind=COMMAND, words="Make a token", path="/access#make-token"),
    Entry(kind=COMMAND, words="Add a person", path="/access#add", needs=Needs.ADMIN),
)


def entries_for(by: Principal) -> Sequence[Entry]:
    """Return the pages and commands that are offered to somebody."""
    return [one for one in ENTRIES if one.needs is Needs.NOTHING or is_admin(by) or _has(by, one.needs)]


LEVELS_OF: Mapping[Needs, Level] = MappingProxyType({Needs.WRITER: Level.WRITE, Needs.OWNER: Level.OWNER})


def _has(by: Principal, needs: Needs) -> bool:
    return needs in LEVELS_OF and may_somewhere(by, LEVELS_OF[needs])
