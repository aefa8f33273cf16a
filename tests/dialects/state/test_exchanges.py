"""Every row of the State Service, held to the exchange that was recorded of it: status and whole body."""

from collections.abc import Callable

import pytest

from chalicelib.dialects.state.routes import OPERATIONS
from tests.dialects.record import Said, hold, never_done
from tests.dialects.state.site import Site
from tests.dialects.state.walk import walk
from tests.dialects.state.walk_projects import walk_projects

WALKS: dict[str, Callable[[Site], None]] = {"state-exchanges": walk, "state-projects": walk_projects}


@pytest.fixture(scope="module")
def said() -> dict[str, Said]:
    sites = {name: Site() for name in WALKS}
    for name, site in sites.items():
        WALKS[name](site)
    return {name: site.said for name, site in sites.items()}


@pytest.mark.parametrize("name", WALKS)
def test_every_exchange_is_as_it_was_recorded(said: dict[str, Said], name: str) -> None:
    hold(name, said[name])


def test_every_row_was_asked_for_with_success(said: dict[str, Said]) -> None:
    assert never_done(OPERATIONS, [one for walked in said.values() for one in walked]) == set()
