"""Read which part of the log of a job is asked for, and show it."""

import re
from dataclasses import replace

from chalicelib.http.reply import TEXT_MEDIA, Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.use_cases.logs.raw_log import ByteRange, RawLog, ReadRawLog
from chalicelib.use_cases.logs.read_log import MOST_CHUNKS, LogPart, ReadLog

FURTHEST = 10**9
UNITS = "bytes"
_RANGE = re.compile(rf"{UNITS}=(\d{{1,15}})-(\d{{1,15}})?|{UNITS}=-(\d{{1,15}})")
HEAD, LINES = "X-Head", "X-Lines"


def read_log(request: Request) -> ReadLog:
    """Read which part of a job's log is requested. Faults: Invalid."""
    query = request.query
    after = query.whole("after", default=0, least=0, most=FURTHEST)
    before = query.whole("before", default=0, least=1, most=FURTHEST) if query.text("before") is not None else None
    limit = query.whole("limit", default=MOST_CHUNKS, least=1, most=MOST_CHUNKS)
    return ReadLog(log=request.parameters["job"], after=after, before=before, limit=limit, counts=True)


def read_raw(request: Request) -> ReadRawLog:
    """Read which bytes of a log are requested. A range that is not understood counts as none, as RFC 9110 has it."""
    found = _RANGE.fullmatch(request.header("range").strip().lower())
    return ReadRawLog(log=request.parameters["job"], part=_part(found) if found else None)


def _part(found: re.Match[str]) -> ByteRange | None:
    first, last, suffix = (int(text) if text else None for text in found.groups())
    if first is not None and last is not None and last < first:
        return None
    return ByteRange(first=first, last=suffix if first is None else last)


def show_part(part: LogPart) -> Reply:
    """Show chunks in order, with the number of the log's last, and how many lines the log has, if that is known."""
    chunks: list[Json] = [
        {"seq": one.seq, "at": one.at.isoformat(), "stream": one.stream, "text": one.text} for one in part.chunks
    ]
    reply = json_reply(chunks)
    lines = {} if part.lines is None else {LINES: str(part.lines)}
    return replace(reply, headers={**reply.headers, HEAD: str(part.head), **lines})


def show_raw(raw: RawLog) -> Reply:
    """Show the bytes of a log. Source: RFC 9110, 14."""
    total = "*" if raw.size is None else str(raw.size)
    headers = {"Accept-Ranges": UNITS, "Content-Disposition": f'attachment; filename="{_file(raw.log)}"'}
    if raw.part is not None and not raw.content:
        refusal = json_reply({"message": f"the log has {total} bytes", "errors": []}, status=416)
        return replace(refusal, headers={**refusal.headers, "Content-Range": f"{UNITS} */{total}"})
    if raw.part is None:
        return Reply(headers={**headers, "Content-Type": TEXT_MEDIA}, body=raw.content)
    last = raw.first + len(raw.content) - 1
    place = f"{UNITS} {raw.first}-{last}/{total}"
    return Reply(status=206, headers={**headers, "Content-Type": TEXT_MEDIA, "Content-Range": place}, body=raw.content)


def _file(log: str) -> str:
    return f"{re.sub(r'[^A-Za-z0-9._-]', '_', log)}.log"
