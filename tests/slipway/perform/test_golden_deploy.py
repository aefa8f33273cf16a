"""A package that the real Escape CLI made is deployed, smoked, run and taken down here."""

import json
import tarfile
from pathlib import Path

from slipway.perform.deployment import DeploymentRequest, destroy, errand, smoke
from slipway.perform.scripts import architecture
from tests.slipway.perform.workplace import PLACE, Workplace

GOLDEN = Path(__file__).parents[2] / "data" / "escape-package" / "app-v0.1.2.tgz"


def test_the_cli_s_package_lives_its_life(place: Workplace) -> None:
    with tarfile.open(GOLDEN) as tar:
        member = tar.extractfile("app-v0.1.2/release.json")
        assert member is not None
        place.inventory.register("demo", json.load(member))
    place.inventory.upload("demo", "app", "0.1.2", GOLDEN)
    ask = DeploymentRequest(release="demo/app-v0.1.2", deployment="web")
    assert place.deploy("demo/app-latest", "web", greeting="ahoy").outputs == {"result": "deployed"}
    assert place.said == [
        f"ESCAPE_ARCH={architecture()}", "ESCAPE_PLATFORM=linux", "INPUT_METADATA_owner=me", "INPUT_count=3",
        'INPUT_flags=["a","b"]', "INPUT_greeting=ahoy",
    ]  # fmt: skip
    place.lines.clear()
    smoke(ask, place.fresh(), place.site, place.bench)
    errand(ask, "backup", place.fresh(), site=place.site, toolbox=place.bench)
    destroy(ask, place.fresh(), place.site, place.bench)
    assert place.said == ["smoke deployed", "backup to /tmp from deployed", "destroy"]
    assert place.states.stage(PLACE, "web")["status"]["status"] == "empty"
