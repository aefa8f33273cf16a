"""The rail: the pages that stand beside every page, in the order in which people look for them."""

from slipway_formats.frozen import frozen


@frozen
class Stop:
    """A page of the rail. path: of the console; all below it is part of it. key: which leads there after `g`."""

    path: str
    word: str
    key: str = ""


RAIL = (
    Stop(path="/home", word="Home", key="h"),
    Stop(path="/inbox", word="Inbox", key="i"),
    Stop(path="/runs", word="Runs", key="r"),
    Stop(path="/releases", word="Releases"),
    Stop(path="/trains", word="Trains"),
    Stop(path="/tasks", word="Tasks"),
    Stop(path="/calendar", word="Calendar", key="c"),
    Stop(path="/insights", word="Insights"),
    Stop(path="/runners", word="Runners"),
    Stop(path="/audit", word="Audit"),
    Stop(path="/access", word="Access"),
)
"""One line a page."""
