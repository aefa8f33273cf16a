"""What to do next after a refusal, by what happened: who asked, where, by which call, and for what reason."""

from __future__ import annotations

import re
from dataclasses import replace

from slipway import client_error
from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.guidance.nearest import missing_name
from slipway.cli.show.error_block import ErrorReport, report_of
from slipway.cli.show.output import client_of, the_session
from slipway.client_error import LOOK_AGAIN, ApiError
from slipway.session import TOKEN, Session, is_loopback

LOGIN = "POST /api/v1/auth/service-account/login"
NO_SUCH_PATHS = ("no such path", "404 page not found")
_ROLE = re.compile(r"\S+ has no (?P<role>\w+) in project (?P<project>\S+)")
_OF_RUN = re.compile(r"\S+ /api/v1/runs/(?P<run>[^/?]+)/")


def advised(error: ApiError | CommandError) -> ErrorReport:
    """Return the report of an error with a hint that fits it; a name that is not there is looked up at the platform."""
    report = report_of(error)
    session = _session()
    if session is None:
        return report
    if report.code is ExitCode.NOT_FOUND:
        return _not_there(error, report, session)
    if isinstance(error, CommandError):
        return report
    return replace(report, hint=hint_for(error, session))


def hint_for(error: ApiError, session: Session) -> str:
    """Return what to do next; empty where the message alone says it."""
    match error.status:
        case client_error.UNANSWERED:
            return _unanswered(error, session)
        case 401:
            return _not_known(error, session)
        case 403:
            return _not_allowed(error)
        case 409:
            return _contradicted(error)
        case _:
            return error.hint


def _unanswered(error: ApiError, session: Session) -> str:
    if "does not answer JSON" in error.message:
        return "see whether a Slipway platform answers there"
    if is_loopback(session.api):
        return "start the platform of this machine with `make up`"
    where = f"; {session.source} names it" if session.source else ""
    return f"see whether this is the address of your platform, and whether this machine may reach it{where}"


def _not_known(error: ApiError, session: Session) -> str:
    if error.call.startswith(LOGIN):
        return "see whether the name and the secret are right; an admin gives a new one"
    if session.source == TOKEN:
        return f"set {TOKEN} to a token that {session.api} has issued and that holds still"
    if not session.token:
        return f"log in with `slipway login {session.api}`, or set {TOKEN}"
    return f"the session of {session.source} has ended: log in with `slipway login {session.api}`"


def _not_allowed(error: ApiError) -> str:
    if found := _ROLE.match(error.message):
        return f"ask an owner of project {found['project']} for the role {found['role']}"
    if error.message.endswith("is no admin"):
        return "ask an admin of this platform to do it"
    if found := _OF_RUN.match(error.call):
        return f"see who may act: `slipway why {found['run']}`"
    return "see who you are here: `slipway whoami`"


def _contradicted(error: ApiError) -> str:
    if "exists already" in error.message:
        return "take another name, or change the one that is there"
    if found := _OF_RUN.match(error.call):
        return f"see how it is by now: `slipway run show {found['run']}`"
    return "" if error.hint == LOOK_AGAIN else error.hint


def _not_there(error: ApiError | CommandError, report: ErrorReport, session: Session) -> ErrorReport:
    if error.message.strip() in NO_SUCH_PATHS:
        hint = f"the platform at {session.api} is of another version than this program, or is no Slipway platform"
        return replace(report, hint=hint)
    try:
        with client_of(session, patience=0.0) as api:
            missing = missing_name(api, error.call, error.message)
    except ApiError:
        missing = None
    if missing is None:
        return report
    told, meant = missing
    message = told if error.call and error.call in error.message else error.message
    return replace(report, message=message, hint=meant or report.hint)


def _session() -> Session | None:
    try:
        return the_session()
    except CommandError:
        return None
