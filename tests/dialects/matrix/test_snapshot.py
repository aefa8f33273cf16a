"""Houses taken back to where they were, and what is told of them."""

from tests.dialects.matrix.snapshot import contents, snapshot
from tests.dialects.matrix.things import WEB, fill
from tests.dialects.matrix.world import peopled


def test_each_house_of_a_snapshot_holds_the_same_and_tells_what_changes() -> None:
    world = peopled()
    fill(world)
    before = snapshot(world.house)
    known = contents(before.house())

    world.done("POST", f"{WEB}/environments/", {"name": "late"})

    assert contents(before.house()) == known
    changed = {port for port, told in contents(world.house).items() if told != known[port]}
    assert {"projects", "audits"} <= changed
    assert "watermarks" not in changed
