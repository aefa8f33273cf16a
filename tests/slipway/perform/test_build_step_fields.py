"""Every field of a build step does what its name says, both ways: seen by files that scripts leave, tags and releases.

That each field of the published BuildStep has a test here, the last tests see to.
"""

import io
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import partial
from pathlib import Path
from types import FunctionType, MappingProxyType
from typing import Any

import pytest

from slipway.perform.build import Checkout, release
from slipway.perform.faults import StageFailedError
from slipway.plan.cache import PackageCache
from slipway_formats.build_step import BuildStep
from tests.dialects.state.schemas import schemas
from tests.slipway.perform.workplace import Workplace

BOTH = (True, False)
PLAN = "name: demo/app\nversion: '1.0'\n" + "".join(
    f"{stage}: {stage}.sh\n" for stage in ("build", "test", "deploy", "smoke", "destroy")
)
LIB = "name: demo/lib\nversion: '1.0'\nincludes: [lib.txt]\n"
USING = "name: demo/app\nversion: '1.0'\ndepends: [demo/lib-v1.0]\n"
QUIET = BuildStep(run_build=False, run_tests=False, run_deploy=False, run_destroy=False)


def scripts(place: Workplace) -> Mapping[str, str]:
    """Scripts of all stages, each of which leaves a mark."""
    (place.root / "marks").mkdir(exist_ok=True)
    stages = ("build", "test", "deploy", "smoke", "destroy")
    return {f"{stage}.sh": f'echo "$INPUT_word" >> {place.root}/marks/{stage}' for stage in stages}


def released(place: Workplace, **step: Any) -> Mapping[str, int]:  # noqa: ANN401 - fields of a step
    """How often each stage ran."""
    place.release(PLAN, scripts(place), BuildStep(**step))
    return {mark.name: len(mark.read_text().splitlines()) for mark in sorted((place.root / "marks").iterdir())}


WHOLE = MappingProxyType({"build": 1, "deploy": 1, "destroy": 2, "smoke": 1, "test": 1})


def without(*stages: str, **other: int) -> Mapping[str, int]:
    """All stages but some."""
    return {stage: count for stage, count in {**WHOLE, **other}.items() if stage not in stages}


@pytest.mark.parametrize("run_build", BOTH)
def test_the_build_script_runs_or_not(place: Workplace, run_build: bool) -> None:
    assert released(place, run_build=run_build, run_tests=False) == without(
        "test", "smoke", *(() if run_build else ("build",)), destroy=2 if run_build else 1
    )


@pytest.mark.parametrize("run_tests", BOTH)
def test_tests_and_smoke_tests_run_or_neither(place: Workplace, run_tests: bool) -> None:
    assert released(place, run_tests=run_tests) == without(*(() if run_tests else ("test", "smoke")))


@pytest.mark.parametrize("run_deploy", BOTH)
def test_it_is_deployed_and_smoked_or_neither(place: Workplace, run_deploy: bool) -> None:
    expected = WHOLE if run_deploy else without("deploy", "smoke", destroy=1)
    assert released(place, run_deploy=run_deploy) == expected


@pytest.mark.parametrize("run_smoke", BOTH)
def test_the_smoke_tests_alone_run_or_not(place: Workplace, run_smoke: bool) -> None:
    assert released(place, run_smoke=run_smoke) == without(*(() if run_smoke else ("smoke",)))


@pytest.mark.parametrize("run_destroy", BOTH)
def test_what_came_up_is_taken_down_or_stays(place: Workplace, run_destroy: bool) -> None:
    assert released(place, run_destroy=run_destroy) == without(*(() if run_destroy else ("destroy",)))


@pytest.mark.parametrize("run_destroy_build", BOTH)
def test_what_was_built_is_taken_down_or_stays(place: Workplace, run_destroy_build: bool) -> None:
    counts = released(place, run_destroy_build=run_destroy_build, run_deploy=False)
    assert counts.get("destroy", 0) == (1 if run_destroy_build else 0)


@pytest.mark.parametrize("run_destroy_deploy", BOTH)
def test_what_was_deployed_is_taken_down_or_stays(place: Workplace, run_destroy_deploy: bool) -> None:
    counts = released(place, run_destroy_deploy=run_destroy_deploy, run_build=False, run_tests=False)
    assert counts.get("destroy", 0) == (1 if run_destroy_deploy else 0)


@pytest.mark.parametrize("push_release", BOTH)
def test_the_inventory_has_the_release_or_not(place: Workplace, push_release: bool) -> None:
    result = place.release(PLAN, scripts(place), BuildStep(push_release=push_release))

    assert (("demo", "app", "1.0") in place.inventory.packages) is push_release
    assert result.package is not None
    assert result.package.is_file()


@pytest.mark.parametrize("cache_release", BOTH)
def test_the_package_need_not_be_fetched_or_must(place: Workplace, cache_release: bool) -> None:
    place.inventory.cache = PackageCache(folder=place.root / "cache")
    place.release(PLAN, scripts(place), BuildStep(cache_release=cache_release))
    kept = [file.read_bytes() for file in (place.root / "cache").glob("*")]

    place.deploy("demo/app-v1.0", "web")

    assert kept == ([place.inventory.packages["demo", "app", "1.0"]] if cache_release else [])
    assert ("download demo/app 1.0" in place.inventory.asked) is not cache_release


def test_what_is_not_in_the_inventory_is_not_cached(place: Workplace) -> None:
    place.inventory.cache = PackageCache(folder=place.root / "cache")
    place.release(PLAN, scripts(place), BuildStep(push_release=False))

    assert list((place.root / "cache").glob("*")) == []


@pytest.mark.parametrize("skip_if_exists", BOTH)
def test_a_release_that_is_there_is_not_built_or_fails(place: Workplace, skip_if_exists: bool) -> None:
    released(place)
    again = partial(released, place, skip_if_exists=skip_if_exists)
    if skip_if_exists:
        assert again() == WHOLE
    else:
        with pytest.raises(StageFailedError, match=r"demo/app-v1\.0 exists already"):
            again()
    assert [call for call in place.inventory.asked if call.startswith("upload")] == ["upload demo/app 1.0"]


@pytest.mark.parametrize("fat_package", BOTH)
def test_the_package_holds_what_it_depends_on_or_not(place: Workplace, fat_package: bool) -> None:
    place.release(LIB, {"lib.txt": "lib"}, QUIET)
    place.release(USING, {}, BuildStep(fat_package=fat_package, run_destroy=False))

    with tarfile.open(fileobj=io.BytesIO(place.inventory.packages["demo", "app", "1.0"])) as tar:
        held = "app-v1.0/deps/demo/lib/lib.txt" in tar.getnames()
    assert held is fat_package


@pytest.mark.parametrize("force_overwrite", BOTH)
def test_a_package_that_lies_there_is_written_over_or_fails(place: Workplace, force_overwrite: bool) -> None:
    folder = place.folder(PLAN, {**scripts(place), ".escape/target/app-v1.0.tgz": "old"})
    package = folder / ".escape" / "target" / "app-v1.0.tgz"
    step = BuildStep(force_overwrite=force_overwrite)
    if force_overwrite:
        place.perform(folder, step)
        assert place.inventory.packages["demo", "app", "1.0"] == package.read_bytes() != b"old"
    else:
        with pytest.raises(StageFailedError, match="is there already, and the step does not force it"):
            place.perform(folder, step)
        assert (package.read_text(), place.inventory.packages) == ("old", {})


@pytest.mark.parametrize("tag_git", BOTH)
def test_the_commit_is_tagged_at_its_origin_or_not(place: Workplace, tag_git: bool) -> None:
    folder, origin = place.folder(PLAN, scripts(place)), place.root / "origin.git"
    git = cloned(folder, origin)

    place.perform(folder, BuildStep(tag_git=tag_git))

    tagged = git("ls-remote", "--tags", "origin", "demo/app-v1.0^{}").split()
    assert tagged == ([git("rev-parse", "HEAD").strip(), "refs/tags/demo/app-v1.0^{}"] if tag_git else [])


def test_a_release_that_failed_is_not_tagged(place: Workplace) -> None:
    folder = place.folder(PLAN, {**scripts(place), "smoke.sh": "exit 1"})
    git = cloned(folder, place.root / "origin.git")

    with pytest.raises(StageFailedError):
        place.perform(folder, BuildStep(tag_git=True))

    assert git("ls-remote", "--tags", "origin") == ""


def cloned(folder: Path, origin: Path) -> Callable[..., str]:
    """Git in the folder, which has one commit and an origin."""

    def git(*words: str) -> str:
        who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "init.defaultBranch=main")
        return subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True).stdout

    git("init", "--quiet", "--bare", str(origin))
    git("init", "--quiet")
    git("remote", "add", "origin", str(origin))
    git("add", "--all")
    git("commit", "--quiet", "--message", "Begin")
    return git


@pytest.mark.parametrize("plan_location", ["", "sub/other.yml"])
def test_the_plan_is_where_it_is_said_to_be(place: Workplace, plan_location: str) -> None:
    folder = place.folder(LIB, {"lib.txt": "", "sub/other.yml": LIB.replace("lib\n", "other\n"), "sub/lib.txt": ""})
    step = BuildStep(plan_location=plan_location) if plan_location else BuildStep()

    assert place.perform(folder, step).release_id == ("demo/other-v1.0" if plan_location else "demo/lib-v1.0")


@pytest.mark.parametrize("override_namespace", ["", "other"])
def test_the_namespace_is_the_plans_or_the_steps(place: Workplace, override_namespace: str) -> None:
    place.release(LIB, {"lib.txt": ""}, BuildStep(override_namespace=override_namespace))

    assert {namespace for namespace, _, _ in place.inventory.packages} == {override_namespace or "demo"}


@pytest.mark.parametrize("variables", [{}, {"word": "ahoy"}])
def test_inputs_are_the_plans_or_the_steps(place: Workplace, variables: dict[str, str]) -> None:
    plan = PLAN + "inputs: [{id: word, default: hello}]\n"
    place.release(plan, scripts(place), BuildStep(variables=variables))

    assert (place.root / "marks" / "deploy").read_text() == f"{variables.get('word', 'hello')}\n"


@pytest.mark.parametrize("providers", [{"words": "one"}, {"words": "two"}])
def test_what_is_consumed_comes_from_the_provider_that_the_step_names(
    place: Workplace, providers: dict[str, str]
) -> None:
    provider = "name: demo/words\nversion: '1.0'\nprovides: [words]\ninputs: [word]\n"
    place.release(provider + "outputs: [{id: word, default: $this.inputs.word}]\n", {}, QUIET)
    for name in ("one", "two"):
        place.deploy("demo/words-v1.0", name, word=f"of {name}")
    plan = PLAN + "consumes: [words]\ninputs: [{id: word, default: $words.outputs.word}]\n"

    place.release(plan, scripts(place), BuildStep(providers=providers))

    assert (place.root / "marks" / "deploy").read_text() == f"of {providers['words']}\n"


def built_for(place: Workplace, step: BuildStep, *changed: str) -> bool:
    """Whether a push that changed these files has the step make its release."""
    folder, before = place.folder(LIB.replace("1.0", "0.@"), {"lib.txt": ""}), len(place.inventory.packages)
    release((step,), Checkout(folder=folder), place.site, place.bench, changed_files=changed)
    return len(place.inventory.packages) > before


@pytest.mark.parametrize("build_on_file_changes", [(), ("docs/**",), ("src/*.c",)])
def test_files_that_are_waited_for_have_it_built(place: Workplace, build_on_file_changes: tuple[str, ...]) -> None:
    step = BuildStep(build_on_file_changes=build_on_file_changes)

    assert built_for(place, step, "src/a.c") is (build_on_file_changes != ("docs/**",))


@pytest.mark.parametrize("ignore_file_changes", [(), ("*.md",), ("docs/",)])
def test_files_that_are_ignored_have_nothing_built(place: Workplace, ignore_file_changes: tuple[str, ...]) -> None:
    step = BuildStep(ignore_file_changes=ignore_file_changes)

    assert built_for(place, step, "docs/a.md") is (ignore_file_changes == ())
    assert built_for(place, step, "docs/a.md", "a.c")


def tried() -> Mapping[str, list[Any]]:
    """The fields that a test here varies, each with its values."""
    found: dict[str, list[Any]] = {}
    for test in vars(sys.modules[__name__]).values():
        found.update(_varied(test) if isinstance(test, FunctionType) else ())
    return found


def _varied(test: FunctionType) -> Iterator[tuple[str, list[Any]]]:
    for mark in getattr(test, "pytestmark", ()):
        if mark.name == "parametrize":
            yield mark.args[0], list(mark.args[1])


@pytest.mark.parametrize("field", [field.name for field in schemas()["BuildStep"]])
def test_every_published_field_has_a_test_of_more_than_one_value(field: str) -> None:
    values = tried().get(field, [])

    assert len(values) > 1, f"nothing here varies {field}"
    if isinstance(getattr(BuildStep(), field), bool):
        assert sorted(values) == [False, True]


def test_a_step_has_no_field_but_those_published() -> None:
    assert {field.name for field in fields(BuildStep)} == {field.name for field in schemas()["BuildStep"]}
