"""The end of a log, as a page shows it to who has no script; with scripts static/files/log.js reads all of it."""

from collections.abc import Sequence

from chalicelib.dialects.console.frame.plain_text import plain
from chalicelib.use_cases.logs.read_log import ReadLogEnd, read_log_end
from chalicelib.use_cases.ports.bundle import Ports

LAST_CHUNKS, LAST_LINES = 40, 200


def last_lines(ports: Ports, log: str) -> Sequence[str]:
    """Return the last lines of a log; none where there is no log."""
    chunks = read_log_end(ports, ReadLogEnd(log=log, chunks=LAST_CHUNKS)) if log else ()
    return plain("".join(chunk.text for chunk in chunks)).splitlines()[-LAST_LINES:]
