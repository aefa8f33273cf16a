"""Read which part of a log is asked for, and show it."""

from dataclasses import replace

from chalicelib.dialects.console.frame.headers import HEADERS
from chalicelib.http.reply import TEXT_MEDIA, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.use_cases.logs.read_log import LogPart, ReadLog, ReadWholeLog, WholeLog


def read_chunks(request: Request) -> ReadLog:
    """Read which part of the log is asked for. Faults: Invalid."""
    return ReadLog(log=request.parameters["job"], after=_after(request))


def read_whole(request: Request) -> ReadWholeLog:
    """Read from where on the log is asked for. Faults: Invalid."""
    return ReadWholeLog(log=request.parameters["job"], after=_after(request))


def _after(request: Request) -> int:
    return request.query.whole("after", default=0, least=0, most=10**9)


def show_chunks(part: LogPart) -> Reply:
    """Show chunks: number, time, stream and text of each; and in a header how far the log goes."""
    shown = json_reply([[one.seq, one.at.isoformat(), one.stream, one.text] for one in part.chunks])
    return replace(shown, headers={**shown.headers, "X-Head": str(part.head)})


def show_text(log: WholeLog) -> Reply:
    """Show a log as text, which no browser takes for a page. Of one that goes on the last line says where."""
    rest = f"\n[more: ?after={log.last}]\n" if log.goes_on else ""
    return Reply(headers={**HEADERS, "Content-Type": TEXT_MEDIA}, body=log.text + rest)
