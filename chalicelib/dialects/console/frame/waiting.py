"""How much waits for the reader's word, beside every page: counted once a reply, after the page is made."""

import json
from dataclasses import replace

from chalicelib.http.reply import HTML_MEDIA, Reply
from chalicelib.http.request import Request
from chalicelib.use_cases.overview.count_waiting import WaitingCount, count_waiting
from chalicelib.use_cases.ports.bundle import Ports

PLACE = "<!--waiting-->"
"""Where the shell has the count. On a page what others wrote is escaped, and so is never taken for it."""


def with_waiting(ports: Ports, request: Request, reply: Reply) -> Reply:
    """Return a page with the count; to who refreshes one also as an event, though nothing else of it has changed."""
    is_page = reply.headers.get("Content-Type") == HTML_MEDIA and isinstance(reply.body, str) and PLACE in reply.body
    is_refreshed = bool(request.header("hx-request"))
    if not is_page and not is_refreshed:
        return reply
    said = _said(count_waiting(ports, request.asker))
    headers = {**reply.headers, "HX-Trigger": json.dumps({"waiting": said})} if is_refreshed else reply.headers
    body = reply.body.replace(PLACE, said) if is_page and isinstance(reply.body, str) else reply.body
    return replace(reply, headers=headers, body=body)


def _said(waiting: WaitingCount) -> str:
    return f"{waiting.count or ''}{'+' if waiting.is_more else ''}"
