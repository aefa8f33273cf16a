"""Refusals as pages: what failed, and what one can do about it. Who is not logged in gets the login in its place."""

from urllib.parse import parse_qs

from chalicelib.dialects.console.frame.frame import Frame, own_place
from chalicelib.dialects.console.frame.headers import page_reply
from chalicelib.dialects.console.frame.looks import frame_of
from chalicelib.dialects.console.frame.templates import render
from chalicelib.http.refuse import Refusal
from chalicelib.http.reply import Reply
from chalicelib.use_cases.runs.fresh_login import STALE

LOGIN, INVITATION = "/login", "/invitation"
WORTHLESS = "This invitation holds no more, or never did. Whoever sent it can send another."
UNKNOWN = "These are not known together. Look at both, and try again."
ACTS = frozenset(
    {
        *("decisions", "acts", "deployments", "freezes", "stops", "resumes", "looks", "logout"),
        *("tags", "yanks", "unyanks"),
        *("newcomers", "changes", "invitations", "tokens", "accounts", "revocations"),
    }
)
"""Where forms of a page are sent, below it."""

TITLES = {403: "This is not yours to do", 404: "There is no such page", 409: "This has changed meanwhile"}


def say_page(refusal: Refusal) -> Reply:
    """Format an error as a page."""
    frame = frame_of(refusal.target or "/", refusal.cookies)
    if refusal.status == 401:
        return page_reply(_login(frame, refusal), 401)
    title = TITLES.get(refusal.status, "This could not be done")
    reasons = [str(defect) for defect in refusal.defects] or [refusal.message]
    page = render("frame/refusal.html", frame, title=title, reasons=reasons, status=refusal.status)
    return page_reply(page, refusal.status)


def _login(frame: Frame, refusal: Refusal) -> str:
    path, _, query = frame.target.partition("?")
    if path == INVITATION:
        return render("login/invitation.html", frame, reason=WORTHLESS)
    is_again = path == LOGIN
    here = page_of(frame.place) if refusal.is_change else frame.place
    following = parse_qs(query).get("next", [""])[0] if is_again else here
    reason = UNKNOWN if is_again else refusal.message if refusal.code == STALE else ""
    return render("login/login.html", frame, following=own_place(following), reason=reason)


def page_of(place: str) -> str:
    """Return the page on which a form stands: what is sent to a place below it leads back to it."""
    segments = place.partition("?")[0].split("/")
    acts = [number for number, segment in enumerate(segments) if segment in ACTS]
    return "/".join(segments[: acts[0]]) if acts else place
