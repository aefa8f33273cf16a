"""Enter the console: log in, and go on to the page that was asked for."""

from chalicelib.use_cases.credentials.login import LogIn, Session, log_in
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class Enter:
    """Command: log in by the form. place: path of the console to go on to. is_local: the browser is on this machine."""

    login: LogIn
    place: str
    is_local: bool


@frozen
class Entered:
    """A session of the console. is_proven: the browser knows who the server is, by HTTPS or as it is this machine."""

    session: Session
    place: str
    is_proven: bool


def enter(ports: Ports, command: Enter) -> Entered:
    """Create a session for whom the form names. Faults: those of `log_in`."""
    session = log_in(ports, command.login)
    return Entered(session=session, place=command.place, is_proven=session.is_encrypted or command.is_local)
