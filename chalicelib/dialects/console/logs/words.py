"""Read which part of a log is asked for, and show it."""

from dataclasses import replace

from chalicelib.dialects.console.frame.headers import HEADERS
from chalicelib.http.reply import TEXT_MEDIA, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.use_cases.logs.read_log import LogPart, ReadLog, ReadWholeLog, WholeLog

FURTHEST = 10**9


def read_chunks(request: Request) -> ReadLog:
    """Read which part of the log is asked for, and whether its lines are counted. Faults: Invalid."""
    query = request.query
    before = query.whole("before", default=0, least=0, most=FURTHEST) if query.text("before") is not None else None
    return ReadLog(
        log=request.parameters["job"], after=_after(request), before=before, counts=query.text("count") is not None
    )


def read_whole(request: Request) -> ReadWholeLog:
    """Read from where on the log is asked for. Faults: Invalid."""
    return ReadWholeLog(log=request.parameters["job"], after=_after(request))


def _after(request: Request) -> int:
    return request.query.whole("after", default=0, least=0, most=FURTHEST)


def show_chunks(part: LogPart) -> Reply:
    """Show chunks: number, time, stream and text of each; in headers how far the log goes, and of how many lines."""
    shown = json_reply([[one.seq, one.at.isoformat(), one.stream, one.text] for one in part.chunks])
    lines = {"X-Lines": str(part.lines)} if part.lines is not None else {}
    return replace(shown, headers={**shown.headers, "X-Head": str(part.head), **lines})


def show_text(log: WholeLog) -> Reply:
    """Show a log as text, which no browser takes for a page. Of one that goes on the last line says where."""
    rest = f"\n[more: ?after={log.last}]\n" if log.goes_on else ""
    return Reply(headers={**HEADERS, "Content-Type": TEXT_MEDIA}, body=log.text + rest)
