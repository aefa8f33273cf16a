"""The list of handlers is made from the code: one that changes something and has no story fails the test."""

from tests.crash.handlers import changing_handlers, title, unknown_methods, unread_ports
from tests.crash.stories.every_story import STORIES

TOLD = {title(handler) for story in STORIES.values() for handler in story.of}


def test_every_handler_has_a_story() -> None:
    assert set(changing_handlers()) - TOLD == set()


def test_every_story_is_of_a_handler_that_is_there() -> None:
    assert TOLD - set(changing_handlers()) == set()


def test_what_is_said_to_read_only_is_there() -> None:
    assert unknown_methods() == set()


def test_of_every_port_is_said_what_reads_only() -> None:
    assert unread_ports() == set()
