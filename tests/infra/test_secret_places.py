"""Functions reach secrets of their own kinds alone: names of secrets begin as their policies say."""

from infra.policies.rights import SECRET_PLACES
from tests.dialects.matrix.things import fill
from tests.dialects.matrix.world import peopled
from tests.fakes.secrets import FakeSecrets


def test_secrets_of_a_full_world_are_where_functions_may_reach_them() -> None:
    world = peopled()
    fill(world)

    secrets = world.house.ports.secrets
    assert isinstance(secrets, FakeSecrets)
    names = [reference.removeprefix("fake:") for reference in secrets.kept]
    assert names
    assert [name for name in names if not name.startswith(SECRET_PLACES)] == []
