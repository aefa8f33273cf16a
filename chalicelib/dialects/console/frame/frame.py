"""What every page has around its content: who looks, by which address, and how they want to see it."""

from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from slipway_formats.frozen import frozen


class Theme(StrEnum):
    """Colours. SYSTEM: those of the reader's machine."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Times(StrEnum):
    """The zone of instants on all pages: the reader's, or UTC."""

    LOCAL = "local"
    UTC = "utc"


class Keys(StrEnum):
    """Whether single keys do anything."""

    ON = "on"
    OFF = "off"


@frozen
class Frame:
    """The frame of a page. target: raw path and query of the request. user: empty where nobody is logged in.

    id: of this view of the page, by which a form of it that is sent twice counts once.
    """

    target: str
    id: str = ""
    user: str = ""
    theme: Theme = Theme.SYSTEM
    times: Times = Times.LOCAL
    keys: Keys = Keys.ON

    def href(self, path: str) -> str:
        """Return the address of a path of the console, as seen from this page."""
        return href(self.target, path)

    def is_at(self, path: str) -> bool:
        """Whether the page is at a path of the console, or below it."""
        here = self.target.partition("?")[0]
        return here == path or here.startswith(f"{path}/")

    @property
    def again(self) -> str:
        """Return the query by which this page asks for itself: its own, without what it knew before."""
        pairs = parse_qsl(self.target.partition("?")[2])
        return urlencode([(name, value) for name, value in pairs if name != "known"])

    @property
    def place(self) -> str:
        """Return this page, as a path of the console."""
        return self.target.lstrip("/")


def href(target: str, path: str) -> str:
    """Return the address of a path of the console, relative to the page at `target`.

    What stands before all paths, such as a stage of API Gateway, is never said, so it is right behind any.
    """
    above = target.partition("?")[0].count("/") - 1
    return ("../" * above or "./") + path.lstrip("/")


def own_place(given: str) -> str:
    """Return the path of the console to which a login leads: what was asked for, if it is ours, or home."""
    path = given.partition("?")[0]
    is_own = path != "" and not path.startswith("/") and not any(mark in path for mark in ":\\")
    is_printable = given.isascii() and given.isprintable()
    return given if is_own and is_printable and ".." not in path.split("/") and "//" not in path else "home"
