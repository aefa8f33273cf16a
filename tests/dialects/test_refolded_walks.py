"""Every run of the walks through the dialects is folded again, those that go on too: the same comes out.

Those that end are folded when they are archived, here as in every test (tests/fakes/archives.py).
"""

import pytest

from chalicelib.use_cases.runs.refold import refold_run
from tests.dialects.buildmaster.walk import walk as walk_buildmaster
from tests.dialects.deploy.walk import walk as walk_deploy
from tests.dialects.flexdeploy.walk import walk as walk_flexdeploy
from tests.dialects.platform.site import Site
from tests.dialects.platform.walk import walk as walk_platform
from tests.dialects.state.site import Site as StateSite
from tests.dialects.state.walk import walk as walk_state
from tests.use_cases.house import House

WALKS = {
    "buildmaster": walk_buildmaster,
    "deploy": walk_deploy,
    "flexdeploy": walk_flexdeploy,
    "platform": walk_platform,
}


def test_every_run_of_the_walk_through_state_comes_out_as_it_did() -> None:
    site = StateSite()
    walk_state(site)
    all_come_out_as_they_did(site.house)


@pytest.mark.parametrize("name", WALKS)
def test_every_run_of_a_walk_comes_out_as_it_did(name: str) -> None:
    site = Site()
    WALKS[name](site)
    all_come_out_as_they_did(site.house)


def all_come_out_as_they_did(house: House) -> None:
    refolded = [refold_run(house.ports, run_id) for run_id in house.runs.kept]

    assert len(refolded) > 3
    assert [one for one in refolded if one.differs] == []
    ended = {run.id for run in house.runs.kept.values() if run.is_final and not run.pending_effects}
    assert ended <= set(house.archives.kept)
