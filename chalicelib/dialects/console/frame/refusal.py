"""Refusals as pages: what failed, and what one can do about it. Who is not logged in gets the login in its place."""

from urllib.parse import parse_qs

from chalicelib.dialects.console.frame.frame import Frame, own_place
from chalicelib.dialects.console.frame.headers import page_reply
from chalicelib.dialects.console.frame.looks import frame_of
from chalicelib.dialects.console.frame.templates import render
from chalicelib.http.refuse import Refusal
from chalicelib.http.reply import Reply

LOGIN = "/login"
TITLES = {403: "This is not yours to do", 404: "There is no such page", 409: "This has changed meanwhile"}


def say_page(refusal: Refusal) -> Reply:
    """Format an error as a page."""
    frame = frame_of(refusal.target or "/", refusal.cookies)
    if refusal.status == 401:
        return page_reply(_login(frame), 401)
    title = TITLES.get(refusal.status, "This could not be done")
    reasons = [str(defect) for defect in refusal.defects] or [refusal.message]
    page = render("frame/refusal.html", frame, title=title, reasons=reasons, status=refusal.status)
    return page_reply(page, refusal.status)


def _login(frame: Frame) -> str:
    path, _, query = frame.target.partition("?")
    is_again = path == LOGIN
    following = parse_qs(query).get("next", [""])[0] if is_again else frame.place
    return render("login/login.html", frame, following=own_place(following), is_again=is_again)
