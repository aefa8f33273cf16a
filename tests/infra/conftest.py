"""What the tests of the package share: one build of it."""

import pytest

from infra.package import build, stage

KEPT = stage.ROOT / "build" / "dependencies"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> build.Built:
    """The zips and the template of this checkout."""
    return build.build(tmp_path_factory.mktemp("package"), "x86_64", KEPT)
