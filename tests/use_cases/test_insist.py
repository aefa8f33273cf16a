"""Changes that rivals get in the way of are tried again, and then refused."""

from dataclasses import dataclass, field

import pytest

from chalicelib.kernel.faults import Stale
from chalicelib.use_cases.insist import ATTEMPTS, insist
from tests.use_cases.catalog_ports import catalog_ports


@dataclass
class Rivals:
    """So many are faster."""

    left: int
    asked: list[int] = field(default_factory=list)

    def __call__(self) -> str:
        self.asked.append(self.left)
        self.left -= 1
        if self.left >= 0:
            raise Stale("it has changed")
        return "done"


def test_what_went_stale_is_tried_again() -> None:
    rivals = Rivals(left=ATTEMPTS - 1)
    assert insist(catalog_ports(), rivals) == "done"
    assert len(rivals.asked) == ATTEMPTS


def test_too_many_rivals_are_told_of() -> None:
    rivals = Rivals(left=ATTEMPTS)
    with pytest.raises(Stale):
        insist(catalog_ports(), rivals)
    assert len(rivals.asked) == ATTEMPTS
