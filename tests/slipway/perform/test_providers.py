"""What a release consumes is found in its environment, and active while the release works."""

import pytest

from slipway.perform.deployment import DeploymentRequest, errand
from slipway.perform.faults import StageFailedError
from slipway_formats.build_step import BuildStep
from tests.slipway.perform.workplace import PLACE, Workplace

QUICK = BuildStep(run_destroy=False, run_tests=False, run_deploy=False, run_build=False)
CLOUD = """
name: demo/cloud
version: '1'
provides: [cloud]
inputs: [{id: zone, default: north}]
outputs: [{id: key, default: $this.inputs.zone}]
activate_provider: on.sh
deactivate_provider: {inline: 'echo "off $OUTPUT_key"'}
"""
FILES = {"on.sh": 'echo "on $INPUT_zone $OUTPUT_key"'}
APP = """
name: demo/app
version: '1'
consumes: [cloud as sky]
inputs: [{id: key, default: $sky.outputs.key}]
deploy: {inline: 'echo "deploy with $INPUT_key"'}
errands: {poke: {run: {inline: echo poke}}}
"""


@pytest.fixture
def here(place: Workplace) -> Workplace:
    place.release(CLOUD, FILES, QUICK)
    place.release(APP, {}, QUICK)
    place.lines.clear()
    return place


def test_the_only_provider_there_is_is_taken(here: Workplace) -> None:
    here.deploy("demo/cloud-v1", "heaven", zone="south")
    here.deploy("demo/app-v1", "web")
    assert here.said == ["on south south", "deploy with south", "off south"]
    assert here.states.stage(PLACE, "web")["providers"] == {"sky": "heaven"}


@pytest.mark.parametrize("key", ["sky", "cloud"])
def test_a_provider_is_chosen_by_variable_or_interface_and_remembered(here: Workplace, key: str) -> None:
    here.deploy("demo/cloud-v1", "one", zone="a")
    here.deploy("demo/cloud-v1", "two", zone="b")
    here.deploy("demo/app-v1", "web", {key: "two"})
    here.deploy("demo/app-v1", "web")
    assert here.said == ["on b b", "deploy with b", "off b"] * 2


def test_a_missing_or_doubtful_provider_is_named(here: Workplace) -> None:
    with pytest.raises(StageFailedError, match="provider 'sky' of type 'cloud': no deployment provides it"):
        here.deploy("demo/app-v1")
    here.deploy("demo/cloud-v1", "one")
    here.deploy("demo/cloud-v1", "two")
    with pytest.raises(StageFailedError, match="choose one of one, two"):
        here.deploy("demo/app-v1")
    with pytest.raises(StageFailedError, match="no deployment 'three' in ci"):
        here.deploy("demo/app-v1", providers={"sky": "three"})


def test_a_provider_is_deactivated_though_the_work_fails(here: Workplace) -> None:
    here.deploy("demo/cloud-v1", "one")
    here.release(APP.replace("'1'", "'2'").replace('echo "deploy', 'exit 9; echo "deploy'), {}, QUICK)
    with pytest.raises(StageFailedError, match="deploy: exit code 9"):
        here.deploy("demo/app-v2")
    assert here.said == ["on north north", "off north"]


def test_an_errand_has_its_providers(here: Workplace) -> None:
    here.deploy("demo/cloud-v1", "one")
    here.deploy("demo/app-v1", "web")
    here.lines.clear()
    ask = DeploymentRequest(release="demo/app-v1", deployment="web")
    errand(ask, "poke", here.fresh(), site=here.site, toolbox=here.bench)
    assert here.said == ["on north north", "poke", "off north"]
    with pytest.raises(StageFailedError, match="has no errand 'none'"):
        errand(ask, "none", here.fresh(), site=here.site, toolbox=here.bench)


def test_a_dependency_s_consumer_becomes_the_parent_s_without_activation(here: Workplace) -> None:
    here.release("name: demo/top\nversion: '1'\ndepends: [demo/app-v1]\ndeploy: {inline: echo top}", {}, QUICK)
    here.deploy("demo/cloud-v1", "one")
    here.deploy("demo/top-v1", "web")
    consumes = here.inventory.releases["demo", "top", "1"]["consumes"]
    assert [(known["variable"], known["skip_activate"], known["skip_deactivate"]) for known in consumes] == [
        ("sky", True, True)
    ]
    assert here.said == ["on north north", "deploy with north", "off north", "top"]


def test_one_dependency_can_be_the_provider_of_the_next(here: Workplace) -> None:
    here.release(
        "name: demo/whole\nversion: '1'\ndepends:\n- demo/cloud-v1 as cloud\n"
        "- release_id: demo/app-v1\n  consumes: {sky: $cloud.deployment}\n",
        {},
        QUICK,
    )
    here.deploy("demo/whole-v1", "all", zone="inner")
    assert here.said == ["on inner inner", "deploy with inner", "off inner"]
    assert here.states.stage(PLACE, "all:demo/app")["providers"] == {"sky": "all:demo/cloud"}
    here.deploy("demo/cloud-v1", "outer")
    here.lines.clear()
    here.deploy("demo/whole-v1", "all")
    assert here.said == ["on inner inner", "deploy with inner", "off inner"]
