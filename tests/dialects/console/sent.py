"""Forms as somebody's token, or the owner's browser, sends them."""

from tests.dialects.matrix.callers import ANONYMOUS, OWNER
from tests.dialects.matrix.world import World
from tests.http.house import Answered

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SAME_ORIGIN = {"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}


def send(world: World, target: str, form: str, by: str = OWNER) -> Answered:
    """What a form is answered."""
    return world.ask("POST", target, form.encode(), by=by, **FORM)


def by_session(world: World, target: str, form: str) -> Answered:
    """What a form is answered that the owner's browser sends, which logged in when the world was made."""
    cookie = {"Cookie": f"__Host-slipway={world.tokens[OWNER]}"}
    return world.ask("POST", target, form.encode(), by=ANONYMOUS, **FORM, **SAME_ORIGIN, **cookie)
