"""Read logins and looks, and show what follows from them: cookies, and the page to go on to."""

from datetime import timedelta
from urllib.parse import urlsplit

from chalicelib.dialects.console.frame.frame import Frame, Keys, Theme, Times, own_place
from chalicelib.dialects.console.frame.headers import leave_for, page_reply
from chalicelib.dialects.console.frame.looks import KEYS_COOKIE, THEME_COOKIE, TIMES_COOKIE
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.dialects.console.login.enter import Enter, Entered
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Invalid
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.credentials.invitations import AcceptInvitation
from chalicelib.use_cases.credentials.login import LogIn
from slipway_formats.frozen import frozen

COOKIE = "{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}"
PROVEN, PLAIN = "__Host-slipway", "slipway"
LOOKS_COOKIE = "{name}={value}; Path=/; SameSite=Lax; Max-Age=31536000"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@frozen
class LoginPage:
    """Query: the form. following: path of the console to go on to."""

    frame: Frame
    following: str


@frozen
class Looks:
    """Command: how pages look."""

    theme: Theme
    times: Times
    keys: Keys
    place: str


def read_login_page(request: Request) -> LoginPage:
    """Read where the login leads."""
    return LoginPage(frame=read_frame(request), following=own_place(request.query.text("next") or ""))


def show_login_page(asked: LoginPage) -> Reply:
    """Show the form."""
    return page_reply(render("login/login.html", asked.frame, following=asked.following, reason=""))


def read_enter(request: Request) -> Enter:
    """Read a login by the form. Faults: Invalid, TooLarge."""
    form = dict(request.form())
    login = LogIn(name=form.get("name", ""), secret=form.get("secret", ""), now=request.now, seed=request.seed)
    host = urlsplit(f"//{request.header('host')}").hostname
    place = own_place(request.query.text("next") or "")
    return Enter(login=login, place=place, is_local=host in LOOPBACK)


def show_entered(entered: Entered) -> Reply:
    """Set the session's cookie, and go on."""
    token = entered.session.issued.token
    lasts = token.expires_at - token.created_at if token.expires_at is not None else timedelta()
    name, proven = (PROVEN, "; Secure") if entered.is_proven else (PLAIN, "")
    cookie = COOKIE.format(name=name, value=entered.session.issued.text, seconds=lasts // timedelta(seconds=1))
    return leave_for(f"./{entered.place}", **{"Set-Cookie": cookie + proven})


def show_invitation_page(asked: LoginPage) -> Reply:
    """Show the form by which an invited person chooses a password."""
    return page_reply(render("login/invitation.html", asked.frame, reason=""))


def read_accept(request: Request) -> AcceptInvitation:
    """Read an invitation and the password that is chosen by it. Faults: Invalid, TooLarge."""
    form = dict(request.form())
    invitation, password = form.get("invitation", "").strip(), form.get("password", "")
    return AcceptInvitation(text=invitation, password=password, now=request.now, seed=request.seed)


def show_accepted(_: object) -> Reply:
    """Lead to the login, by the password that was chosen."""
    return leave_for("./login")


def read_origin(request: Request) -> Origin:
    """Return the origin of the request."""
    return request.origin


def show_left(_: object) -> Reply:
    """Clear the session's cookies, and show the form."""
    ends = (
        COOKIE.format(name=PROVEN, value="", seconds=0) + "; Secure",
        COOKIE.format(name=PLAIN, value="", seconds=0),
    )
    return leave_for("./login", **{"Set-Cookie": ends})


def read_looks(request: Request) -> Looks:
    """Read how pages look. Faults: Invalid."""
    form = dict(request.form())
    try:
        theme, times = Theme(form.get("theme", Theme.SYSTEM)), Times(form.get("times", Times.LOCAL))
        keys = Keys(form.get("keys", Keys.ON))
    except ValueError as error:
        raise Invalid.single("looks", str(error)) from error
    return Looks(theme=theme, times=times, keys=keys, place=own_place(form.get("next", "")))


def show_looks(looks: Looks) -> Reply:
    """Set the cookies of looks, which hold no secret, and go back."""
    kept = ((THEME_COOKIE, looks.theme), (TIMES_COOKIE, looks.times), (KEYS_COOKIE, looks.keys))
    cookies = tuple(LOOKS_COOKIE.format(name=name, value=value) for name, value in kept)
    return leave_for(f"./{looks.place}", **{"Set-Cookie": cookies})
