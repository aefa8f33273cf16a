"""The Lambda of live logs: admits and dismisses WebSocket connections, and pushes log updates to them.

It is invoked by the WebSocket API for a connection's three events, and by the queue `live` for updates.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from chalicelib import wiring
from chalicelib.functions.worker import SOON, Record, attempt, come_again, records_of
from chalicelib.gateways.queues import read
from chalicelib.kernel.engine.message import PushLog
from chalicelib.use_cases.logs.admit_viewer import AdmitViewer, admit_viewer, dismiss_viewer
from chalicelib.use_cases.logs.push_log import push_log
from chalicelib.use_cases.ports.bundle import Ports

DONE: Mapping[str, Any] = {"statusCode": 200}
NOT_ADMITTED: Mapping[str, Any] = {"statusCode": 401, "body": "the ticket is unknown, used or run out"}


def handle(event: dict[str, Any], _context: object) -> Mapping[str, Any]:
    """Handle an event of a WebSocket connection, or a batch of messages from queue `live`."""
    return work_off(wiring.ports(), event) if "Records" in event else answer(wiring.ports(), event)


def answer(ports: Ports, event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer a connection's event. Any message of a viewer requests a log update."""
    context = event["requestContext"]
    connection: str = context["connectionId"]
    match context["routeKey"]:
        case "$connect":
            ticket = (event.get("queryStringParameters") or {}).get("ticket", "")
            return DONE if admit_viewer(ports, AdmitViewer(connection=connection, ticket=ticket)) else NOT_ADMITTED
        case "$disconnect":
            dismiss_viewer(ports, connection)
        case _:
            ports.queue.enqueue_log_update(connection, key=context["requestId"])
    return DONE


def work_off(ports: Ports, event: dict[str, Any]) -> dict[str, Any]:
    """Process a batch and return its failures, each with the later messages of its viewer, for redelivery."""
    groups: set[str] = set()
    failed = list[Record]()
    for record in records_of(event):
        if record.group in groups or not attempt(partial(_push, ports, record), of=record.id):
            groups.add(record.group)
            failed.append(record)
    return come_again(ports.queue, failed, SOON)


def _push(ports: Ports, record: Record) -> None:
    message = read(record.body)
    if not isinstance(message, PushLog):
        raise TypeError(f"a {type(message).__name__} does not belong in this queue")
    push_log(ports, message.connection)
