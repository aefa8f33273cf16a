"""Removals that one ask does not finish."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from slipway.cli.error import CommandError
from slipway.cli.places.removal import PAUSE_SECONDS, removal_summary, remove
from slipway.client import Client
from slipway.client_error import ApiError


@dataclass
class Answers:
    """Answers to DELETE, one after the other, the last for good."""

    answers: Sequence[object]
    asked: int = 0
    pauses: list[float] = field(default_factory=list)

    def delete(self, path: str, **query: str) -> object:
        assert (path, query) == ("/web/", {})
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        if isinstance(answer, Exception):
            raise answer
        return answer

    def removed(self) -> dict[str, Any]:
        return remove(cast("Client", self), "/web/", pause=self.pauses.append)


def an_answer(*, complete: bool, **counts: int) -> dict[str, object]:
    return {"removed": counts, "stopping": 0 if complete else 1, "complete": complete}


def test_a_removal_is_asked_for_until_it_is_complete_and_counted_as_one() -> None:
    api = Answers([an_answer(complete=False, builds=2, executions=5), an_answer(complete=True, executions=1)])

    said = api.removed()

    assert said == {"removed": {"builds": 2, "executions": 6}, "stopping": 0, "complete": True}
    assert removal_summary("project web", said) == "removed project web: 2 builds, 6 executions"
    assert (api.asked, api.pauses) == (2, [PAUSE_SECONDS])


@pytest.mark.parametrize("answer", [{}, None, {"removed": {"units": ["a"]}}])
def test_what_says_nothing_of_a_rest_is_asked_for_once(answer: object) -> None:
    api = Answers([answer])
    api.removed()
    assert api.asked == 1


def test_what_somebody_else_finished_is_gone() -> None:
    gone = ApiError(status=404, message="no project web")
    assert Answers([an_answer(complete=False, builds=1), gone]).removed()["removed"] == {"builds": 1}


def test_what_never_stops_is_given_up_with_a_word() -> None:
    with pytest.raises(CommandError, match="do not stop"):
        Answers([an_answer(complete=False)]).removed()
