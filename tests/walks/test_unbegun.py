"""A runner vanished before the work of its job began: nothing was lost, not even an attempt."""

from tests.walks.api import node, told
from tests.walks.unbegun import Unbegun


def test_the_next_runner_does_it_in_the_same_attempt_once(vanished: Unbegun) -> None:
    assert (vanished.run["phase"], node(vanished.run, "work")["attempt"]) == ("succeeded", 1), told(vanished.run)
    assert vanished.lines == ["1"]


def test_the_log_says_so_before_what_the_next_runner_says(vanished: Unbegun) -> None:
    assert vanished.heard == ["runner ghost was lost before it began: the job waits for another\n", "done\n"]
