"""Decide as the forms of pages ask for: by the use cases of the API, and about production after a fresh login alone."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.http.request import Request
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.decide import DecideNode, DecideRun, decide_either
from chalicelib.use_cases.runs.fresh_login import check_fresh_login
from chalicelib.use_cases.runs.read import RunView
from slipway_formats.frozen import frozen


@frozen
class DecideByForm:
    """Command: a decision of a form. is_by_session: a browser sends it, by its cookie, which may be left open."""

    decision: DecideNode | DecideRun
    now: datetime
    is_by_session: bool


def by_form(request: Request, decision: DecideNode | DecideRun) -> DecideByForm:
    """Return the command of a request."""
    return DecideByForm(decision=decision, now=request.now, is_by_session=request.is_ambient)


def decide_by_form(ports: Ports, command: DecideByForm) -> RunView:
    """Decide, and return the run. Faults: those of `decide_node` and `decide_run`; Unauthenticated."""
    check_all_fresh(ports, [command])
    return decide_either(ports, command.decision)


def check_all_fresh(ports: Ports, commands: Iterable[DecideByForm]) -> None:
    """Refuse decisions of a session that needs a fresh login for one of them. Faults: Unauthenticated, NotFound."""
    for one in commands:
        if one.is_by_session:
            check_fresh_login(ports, one.decision, one.now)
