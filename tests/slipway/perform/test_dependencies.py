"""Dependencies are deployed first, below the release, with inputs from it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from slipway.perform.deployment import DeploymentRequest, destroy
from slipway.perform.faults import StageFailedError
from slipway.plan.cache import PackageCache
from slipway.plan.defects import PlanError
from slipway.plan.fetch import Fetcher
from slipway.plan.names import parse_release_id
from slipway.plan.ports import InventoryError
from slipway_formats.archive import ArchiveError
from slipway_formats.build_step import BuildStep
from tests.fakes.escape_inventory import MemoryInventory
from tests.slipway.perform.workplace import PLACE, Workplace

LIB = """
name: demo/lib
version: 1.2.@
metadata: {team: core}
inputs: [{id: size, type: integer}, {id: colour, default: red}]
outputs: [address]
deploy: deploy.sh
destroy: {inline: echo lib gone}
"""
LIB_FILES = {"deploy.sh": 'echo "lib $INPUT_size $INPUT_colour"; echo "{\\"address\\":\\"at-$INPUT_size\\"}" > $1'}
APP = """
name: demo/app
version: $lib.version.track_minor_version()
metadata: {team: $lib.metadata.team}
depends:
- release_id: demo/lib-v1.2.@ as lib
  deploy_mapping: {colour: blue}
inputs: [{id: where, default: $lib.outputs.address}]
build: {inline: 'echo "app builds at $INPUT_where"'}
deploy: {inline: 'echo "app at $INPUT_where of $INPUT_METADATA_team"'}
destroy: {inline: echo app gone}
"""
QUICK = BuildStep(run_destroy=False, run_tests=False, run_deploy=False, run_build=False)
SIZED = BuildStep(run_tests=False, run_destroy=False, variables={"size": "5"})


def test_a_release_and_its_dependency_come_up_together(place: Workplace) -> None:
    place.release(LIB, LIB_FILES, QUICK)
    result = place.release(APP, {}, SIZED)
    assert result.release_id == "demo/app-v1.2.0"
    assert place.said == ["lib 5 red", "app builds at at-5", "lib 5 blue", "app at at-5 of core"]


def test_the_dependency_is_pinned_and_its_open_input_is_the_parents(place: Workplace) -> None:
    place.release(LIB, LIB_FILES, QUICK)
    place.release(APP, {}, SIZED)
    metadata = place.inventory.releases["demo", "app", "1.2.0"]
    assert metadata["depends"] == [{
        "release_id": "demo/lib-v1.2.0", "mapping": {}, "build_mapping": {"size": "$this.inputs.size"},
        "deploy_mapping": {"colour": "blue", "size": "$this.inputs.size"}, "consumes": {},
        "deployment_name": "demo/lib", "variable": "lib", "scopes": ["build", "deploy"],
    }]  # fmt: skip
    assert [known["id"] for known in metadata["inputs"]] == ["size", "where"]
    assert "eval_before_dependencies" not in metadata["inputs"][1]


def test_the_state_of_a_dependency_hangs_below_its_parent(place: Workplace) -> None:
    place.release(LIB, LIB_FILES, QUICK)
    place.release(APP, {}, SIZED)
    assert place.states.stage(PLACE, "demo/app:demo/lib", root_stage="build")["version"] == "1.2.0"
    assert place.states.stage(PLACE, "demo/app:demo/lib")["calculated_outputs"] == {"address": "at-5"}
    below = [(path, stage) for path, stage, _ in place.states.puts if ":" in path]
    assert below[:1] == [("demo/app:demo/lib", "build")]


def test_a_release_of_the_inventory_brings_its_dependency(place: Workplace) -> None:
    place.release(LIB, LIB_FILES, QUICK)
    place.release(APP, {}, QUICK)
    place.deploy("demo/app-latest", "web", size=7)
    assert place.said == ["lib 7 blue", "app at at-7 of core"]
    place.lines.clear()
    destroy(DeploymentRequest(release="demo/app-latest", deployment="web"), place.fresh(), place.site, place.bench)
    assert place.said == ["lib gone", "app gone"]


def test_an_open_input_that_nobody_gives_fails(place: Workplace) -> None:
    place.release(LIB, LIB_FILES, QUICK)
    place.release(APP, {}, QUICK)
    with pytest.raises(StageFailedError, match="size: no value given, and no default"):
        place.deploy("demo/app-latest")
    assert place.states.stage(PLACE, "demo/app")["status"]["status"] == "failure"


def test_a_failing_dependency_fails_both(place: Workplace) -> None:
    place.release(LIB, {"deploy.sh": "exit 4"}, QUICK)
    with pytest.raises(StageFailedError, match="deploy: exit code 4"):
        place.release(APP, {}, SIZED)
    assert place.states.stage(PLACE, "demo/app:demo/lib", root_stage="build")["status"]["status"] == "failure"
    assert place.states.stage(PLACE, "demo/app", "build")["status"]["status"] == "failure"


def test_dependencies_of_dependencies_are_unpacked_below_them(place: Workplace, tmp_path: Path) -> None:
    place.release(LIB, LIB_FILES, QUICK)
    place.release(APP, {}, QUICK)
    place.release("name: demo/top\nversion: '1'\ndepends: [demo/app-latest]\ndeploy: {inline: echo top}", {}, QUICK)
    place.deploy("demo/top-v1", size=3)
    assert place.said == ["lib 3 blue", "app at at-3 of core", "top"]
    fetcher = Fetcher(inventory=place.inventory)
    fetcher.unpack(fetcher.metadata(parse_release_id("demo/top-latest")), tmp_path / "top")
    assert (tmp_path / "top/deps/demo/app/deps/demo/lib/release.json").is_file()


def test_a_fat_package_needs_no_more_downloads(place: Workplace) -> None:
    place.release(LIB, LIB_FILES, QUICK)
    place.release(APP, {}, replace(QUICK, fat_package=True))
    place.inventory.asked.clear()
    place.deploy("demo/app-latest", size=1)
    assert [call for call in place.inventory.asked if call.startswith("download")] == ["download demo/app 1.2.0"]
    assert place.said == ["lib 1 blue", "app at at-1 of core"]


def test_a_package_that_was_changed_is_refused(place: Workplace) -> None:
    place.release(LIB, LIB_FILES, QUICK)
    place.inventory.packages["demo", "lib", "1.2.0"] += b"x"
    with pytest.raises(ArchiveError, match="SHA-256"):
        place.deploy("demo/lib-latest", size=1)


def test_a_package_that_holds_another_release_is_refused(place: Workplace) -> None:
    place.release(LIB, LIB_FILES, QUICK)
    place.release(LIB, LIB_FILES, QUICK)
    place.inventory.packages["demo", "lib", "1.2.1"] = place.inventory.packages["demo", "lib", "1.2.0"]
    del place.inventory.sums["demo", "lib", "1.2.1"]
    with pytest.raises(ArchiveError, match=r"is not in 'lib-v1\.2\.1/'"):
        place.deploy("demo/lib-latest", size=1)


def test_a_circle_of_dependencies_is_refused(place: Workplace) -> None:
    place.release(LIB, LIB_FILES, QUICK)
    place.release(APP, {}, QUICK)
    circle = [{"release_id": "demo/app-v1.2.0"}]
    place.inventory.releases["demo", "lib", "1.2.0"]["depends"] = circle
    with pytest.raises(InventoryError, match="depends on itself: demo/app -> demo/lib -> demo/app"):
        place.deploy("demo/app-latest", size=1)


def test_a_cached_package_is_not_downloaded_again(place: Workplace, tmp_path: Path) -> None:
    place.release(LIB, LIB_FILES, QUICK)
    place.inventory.cache = PackageCache(folder=tmp_path / "cache")
    fetcher = Fetcher(inventory=place.inventory)
    release = fetcher.metadata(parse_release_id("demo/lib-latest"))
    for name in ("one", "two"):
        fetcher.unpack(release, tmp_path / name)
    assert [call for call in place.inventory.asked if call.startswith("download")] == ["download demo/lib 1.2.0"]


def test_defects_about_other_releases_come_all_at_once(place: Workplace) -> None:
    place.release(LIB, LIB_FILES, QUICK)
    with pytest.raises(PlanError) as missing:
        place.release("name: demo/bad\nversion: '1'\ndepends: [demo/none-latest, demo/nope:stable]\n")
    assert [defect.path for defect in missing.value.defects] == ["depends[0].release_id", "depends[1].release_id"]
    with pytest.raises(PlanError) as wrong:
        place.release(
            "name: demo/bad\nversion: $what.version\ndepends: [demo/lib-latest as lib]\nbuild: ./gone.sh\n"
            "outputs: [{id: one, default: $lib.outputs.none}, {id: two, default: $this.inputs.size}]\n"
            "deploy_inputs: [{id: three, default: $who.outputs.x}]\nlogo: logo.png\ntemplates: [gone.tpl]\n"
        )
    assert sorted({defect.path for defect in wrong.value.defects}) == [
        "build", "deploy_inputs[0].default", "logo", "outputs[0].default", "templates[0].file", "version",
    ]  # fmt: skip


def test_two_versions_of_one_dependency_do_not_fit(place: Workplace) -> None:
    place.release(LIB, LIB_FILES, QUICK)
    place.release(LIB, LIB_FILES, QUICK)
    plan = (
        "name: demo/two\nversion: '1'\ndepends:\n- demo/lib-v1.2.0 as old\n"
        "- {release_id: demo/lib-v1.2.1 as new, deployment_name: new}\n"
    )
    with pytest.raises(
        PlanError, match=r"depends\[1\].release_id: demo/lib-v1.2.1 does not fit beside demo/lib-v1.2.0"
    ):
        place.release(plan)


EXTENSION = """
name: demo/base
version: '1'
provides: [thing]
metadata: {kind: base, owner: them}
inputs: [{id: who, default: world}]
outputs: [{id: done, default: yes-it-is}]
build: build.sh
templates: [greeting.txt.tpl]
includes: [data.txt]
errands: {wave: {script: wave.sh}}
"""
EXTENSION_FILES = {
    "build.sh": 'echo "base builds for $INPUT_who in $(ls deps/demo/base/greeting.txt)"',
    "greeting.txt.tpl": "hello {{who}}",
    "wave.sh": "echo wave",
    "data.txt": "x",
}


def test_an_extension_gives_all_it_has_and_keeps_its_files(place: Workplace) -> None:
    place.release(EXTENSION, EXTENSION_FILES, QUICK)
    place.lines.clear()
    result = place.release(
        "name: demo/mine\nversion: '1'\nextends: [demo/base-latest]\nmetadata: {owner: me}\n",
        {},
        BuildStep(run_tests=False, run_destroy=False),
    )
    metadata = place.inventory.releases["demo", "mine", "1"]
    assert place.said == ["base builds for world in deps/demo/base/greeting.txt"]
    assert (metadata["metadata"], metadata["provides"]) == ({"kind": "base", "owner": "me"}, [{"name": "thing"}])
    assert metadata["extends"] == [{"release_id": "demo/base-v1"}]
    assert metadata["stages"] == {"build": {"script": "deps/demo/base/build.sh"}}
    assert metadata["errands"]["wave"]["exec_stage"] == {"script": "deps/demo/base/wave.sh"}
    assert metadata["templates"][0]["file"] == "deps/demo/base/greeting.txt.tpl"
    assert result.outputs == {"done": "yes-it-is"}
    assert place.deploy("demo/mine-latest").outputs == {"done": "yes-it-is"}


class Moving(MemoryInventory):
    """An inventory in which the latest release is another one each time it is asked for."""

    def release(self, namespace: str, name: str, query: str) -> Mapping[str, Any]:
        found = super().release(namespace, name, query)
        if query == "latest":
            version = self.next_version(namespace, name, "1.2.")
            self.releases[namespace, name, version] = {**found, "version": version}
        return found


def test_a_dependency_stays_what_it_was_when_the_build_began(place: Workplace) -> None:
    place.inventory = Moving()
    place.release(LIB, LIB_FILES, QUICK)
    place.release(APP.replace("lib-v1.2.@", "lib-latest"), {}, SIZED)
    assert place.inventory.releases["demo", "app", "1.2.0"]["depends"][0]["release_id"] == "demo/lib-v1.2.0"
