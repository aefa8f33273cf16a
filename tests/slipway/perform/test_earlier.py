"""A build that will tag asks git first, and a retry goes on from what was pushed before."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from slipway.perform.build import BuildResult
from slipway.perform.earlier import Attempt
from slipway.perform.faults import StageFailedError
from slipway.plan.git import GitError
from slipway.plan.ports import InventoryError
from slipway_formats.build_step import BuildStep
from tests.slipway.perform.test_build_step_fields import cloned
from tests.slipway.perform.workplace import Workplace

FIXED = "name: demo/app\nversion: 1.0.0\nbuild: {inline: 'echo building'}\n"
COUNTED = FIXED.replace("1.0.0", "0.1.@")
PLANS = pytest.mark.parametrize(("plan", "version"), [(FIXED, "1.0.0"), (COUNTED, "0.1.0")])
TAGGING = BuildStep(tag_git=True)
AGAIN = Attempt(run="r1", is_first=False)

Git = Callable[..., str]


def checkout(place: Workplace, plan: str) -> tuple[Path, Git]:
    folder = place.folder(plan)
    return folder, cloned(folder, place.root / "origin.git")


def built(place: Workplace, folder: Path, step: BuildStep) -> BuildResult:
    """What a build step makes of the folder, in a clone of its own."""
    shutil.rmtree(folder.with_name(f"{folder.name}.git"), ignore_errors=True)
    return place.perform(folder, step)


def registered(place: Workplace) -> list[str]:
    return [version for _, _, version in place.inventory.releases]


@PLANS
def test_nothing_is_published_that_cannot_be_tagged(place: Workplace, plan: str, version: str) -> None:
    folder, git = checkout(place, plan)
    git("tag", f"demo/app-v{version}")
    git("push", "--quiet", "origin", "--tags")
    git("commit", "--quiet", "--allow-empty", "--message", "More")
    with pytest.raises(StageFailedError, match="is on commit"):
        built(place, folder, TAGGING)
    assert (registered(place), place.said) == ([], [])


@PLANS
def test_a_tag_that_is_in_the_way_is_told_before_anything_is_built(place: Workplace, plan: str, version: str) -> None:
    folder, git = checkout(place, plan)
    git("tag", "demo")
    git("push", "--quiet", "origin", "--tags")
    with pytest.raises(StageFailedError, match=f"tag demo leaves no room for tag demo/app-v{version}"):
        built(place, folder, TAGGING)
    assert registered(place) == []


@PLANS
def test_a_tag_on_this_very_commit_is_fine(place: Workplace, plan: str, version: str) -> None:
    folder, git = checkout(place, plan)
    git("tag", f"demo/app-v{version}")
    git("push", "--quiet", "origin", "--tags")
    assert built(place, folder, TAGGING).pushed
    assert registered(place) == [version]


@PLANS
@pytest.mark.parametrize("attempt", [Attempt(run="r2"), AGAIN])
def test_what_was_pushed_and_not_tagged_is_tagged(place: Workplace, plan: str, version: str, attempt: Attempt) -> None:
    folder, git = checkout(place, plan)
    place.inventory.run = "r1"
    built(place, folder, BuildStep())
    place.lines.clear()
    place.attempt = attempt
    result = built(place, folder, BuildStep(tag_git=True, force_overwrite=True))
    assert (result.release_id, registered(place), place.said) == (f"demo/app-v{version}", [version], [])
    assert f"demo/app-v{version}" in git("ls-remote", "--tags", "origin")


@PLANS
@pytest.mark.parametrize("step", [BuildStep(), TAGGING])
def test_a_retry_of_a_run_publishes_nothing_again(place: Workplace, plan: str, version: str, step: BuildStep) -> None:
    folder, _ = checkout(place, plan)
    place.inventory.run = "r1"
    built(place, folder, step)
    place.attempt = AGAIN
    assert built(place, folder, step).release_id == f"demo/app-v{version}"
    assert registered(place) == [version]


def test_a_retry_uploads_what_was_registered_alone(place: Workplace) -> None:
    folder, _ = checkout(place, COUNTED)
    place.inventory.run = "r1"
    built(place, folder, BuildStep())
    place.inventory.packages.clear()
    place.attempt = AGAIN
    built(place, folder, BuildStep(force_overwrite=True))
    assert (registered(place), list(place.inventory.packages)) == (["0.1.0"], [("demo", "app", "0.1.0")])


@pytest.mark.parametrize("attempt", [Attempt(run="r1"), Attempt(run="r2", is_first=False)])
def test_who_builds_a_commit_once_more_gets_another_release(place: Workplace, attempt: Attempt) -> None:
    folder, _ = checkout(place, COUNTED)
    place.inventory.run = "r1"
    built(place, folder, TAGGING)
    place.attempt = attempt
    built(place, folder, TAGGING)
    assert registered(place) == ["0.1.0", "0.1.1"]


def test_a_release_of_another_commit_is_none_to_go_on_with(place: Workplace) -> None:
    folder, git = checkout(place, COUNTED)
    place.inventory.run, place.attempt = "r1", AGAIN
    built(place, folder, BuildStep())
    git("commit", "--quiet", "--allow-empty", "--message", "More")
    built(place, folder, BuildStep())
    assert registered(place) == ["0.1.0", "0.1.1"]


def test_a_version_that_is_taken_by_another_commit_stays_refused(place: Workplace) -> None:
    folder, git = checkout(place, FIXED)
    built(place, folder, BuildStep())
    git("commit", "--quiet", "--allow-empty", "--message", "More")
    with pytest.raises((StageFailedError, InventoryError, GitError), match="exists already"):
        built(place, folder, BuildStep(tag_git=True, force_overwrite=True))
    assert git("ls-remote", "--tags", "origin") == ""
