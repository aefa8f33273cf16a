"""The page of runners shows what each says of itself, as text."""

from chalicelib.kernel.explanation.runner import Runner
from tests.dialects.matrix.callers import ADMIN
from tests.dialects.matrix.world import World, people


def test_labels_stand_with_the_name_of_a_runner() -> None:
    world = World()
    people(world)
    labels = {"gpu": "a100", "os": "<b>"}
    world.house.ports.runners.note(
        Runner(pool="default", name="r1", seen_at=world.house.world.now(), slots=2, labels=labels)
    )
    shown = world.ask("GET", "/runners", by=ADMIN).text
    assert "r1 <code>gpu=a100</code> <code>os=&lt;b&gt;</code>" in shown
