"""What forms are made of: filters of lists, and buttons."""

from collections.abc import Sequence

from slipway_formats.frozen import frozen


@frozen
class Field:
    """A filter of a list, as its form shows it. options: to choose from; none for text. checked: a box with one value.

    value: as it stands in the address; empty for any. type: of the input, as browsers know it; empty for text.
    """

    name: str
    word: str
    value: str = ""
    options: Sequence[str] = ()
    checked: str = ""
    type: str = ""


@frozen
class Button:
    """What the reader may do. value: what the form sends. tone: primary, danger or plain."""

    value: str
    word: str
    tone: str = ""


@frozen
class Question:
    """A decision that a form asks for, with a note. path: where it is sent. id: unique on the page.

    hidden: what the form says of what it is about. buttons: none where the reader may say nothing.
    """

    path: str
    id: str
    hidden: Sequence[tuple[str, str]] = ()
    buttons: Sequence[Button] = ()
