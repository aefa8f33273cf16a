"""The inbox: what it shows of what waits, and what becomes of decisions in it."""

import re
from urllib.parse import urlencode

import pytest

from chalicelib.dialects.console.frame.change import MOST_LINES, change_part
from chalicelib.dialects.console.inbox.chosen import Chosen, chosen_in
from chalicelib.kernel.changes.change_set import Between, ChangeSet, Commit, DeploymentChange
from chalicelib.kernel.changes.values import Difference, ValueChange
from chalicelib.kernel.faults import Invalid
from tests.builders import NOON
from tests.dialects.console.given import a_delivery, a_project, triggered
from tests.dialects.matrix.callers import ADMIN, OWNER, READER, STRANGER, WRITER
from tests.dialects.matrix.world import World, people
from tests.http.house import Answered

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def world() -> World:
    world = World()
    people(world)
    a_project(world)
    return world


def chosen(world: World, by: str = OWNER) -> list[str]:
    """What may be ticked."""
    return re.findall(r'name="chosen" value="([^"]+)" aria', world.ask("GET", "/inbox", by=by).text)


def decide(world: World, decision: str, *about: str, by: str = OWNER, **more: str) -> Answered:
    """What the inbox answers to a decision about all of these."""
    pairs = [*(("chosen", one) for one in about), ("decision", decision), *more.items()]
    return world.ask("POST", "/inbox", urlencode(pairs).encode(), by=by, **FORM)


def test_each_sees_what_waits_for_their_own_word(world: World) -> None:
    run = a_delivery(world)

    assert {by: len(chosen(world, by)) for by in (ADMIN, OWNER, WRITER, READER, STRANGER)} == {
        ADMIN: 1,
        OWNER: 1,
        WRITER: 1,
        READER: 0,
        STRANGER: 0,
    }
    assert chosen_in(chosen(world)[0]).run == run


def test_many_are_decided_at_once_with_one_note(world: World) -> None:
    a_delivery(world)
    triggered(world, "delivery")
    both = chosen(world)

    answered = decide(world, "reject", *both, notes="not today")

    assert (len(both), answered.status) == (2, 200)
    assert re.findall(r"web/delivery#\d: rejected", answered.text) == [
        "web/delivery#1: rejected",
        "web/delivery#2: rejected",
    ]
    assert "Nothing waits for your word" in answered.text
    acts = [world.done("GET", f"/api/v1/runs/{chosen_in(one).run}")["acts"][-1] for one in both]
    assert [(act["act"], act["notes"]) for act in acts] == [("rejected", "not today")] * 2


def test_who_comes_too_late_is_told_who_was_faster(world: World) -> None:
    a_delivery(world)
    (seen,) = chosen(world)
    decide(world, "approve", seen, by=ADMIN)

    late = decide(world, "approve", seen)

    assert late.status == 409
    assert "admin approved it at" in late.text


def test_a_decision_about_what_has_changed_since_is_refused(world: World) -> None:
    a_delivery(world)
    shown = chosen_in(chosen(world)[0])
    other = Chosen(run=shown.run, execution=shown.execution, digest="0" * 64, node=shown.node)

    answered = decide(world, "approve", str(other))

    assert (shown.digest != "", answered.status) == (True, 409)
    assert "has changed" in answered.text
    assert chosen(world) == [str(shown)]


def test_a_reader_decides_nothing(world: World) -> None:
    a_delivery(world)
    (seen,) = chosen(world)

    assert [decide(world, "approve", seen, by=by).status for by in (READER, STRANGER)] == [403, 404]


def test_who_sees_it_already_gets_nothing_until_something_waits(world: World) -> None:
    known = re.findall(r'data-known="([^"]+)"', world.ask("GET", "/inbox", by=OWNER).text)[0]
    unchanged = world.ask("GET", f"/inbox?known={known}", by=OWNER)
    a_delivery(world)

    assert (unchanged.status, unchanged.content) == (204, b"")
    assert world.ask("GET", f"/inbox?known={known}", by=OWNER).status == 200


@pytest.mark.parametrize("text", ["", "3F", "3F/1", "3F/1/d", "3F/1/d/", "/1/d/g1", "3F/x/d/g1", "3F/123456789/d/g1"])
def test_what_was_not_shown_cannot_be_chosen(text: str) -> None:
    with pytest.raises(Invalid):
        chosen_in(text)


def test_a_key_of_a_node_may_have_slashes() -> None:
    chosen = Chosen(run="3F", execution=2, digest="", node="a/b")

    assert chosen_in(str(chosen)) == chosen


def test_a_change_says_commits_files_and_inputs_and_no_secret() -> None:
    commit = Commit(version="1.2", revision="abc", branch="main", message="Fix\nmore", author="", by="ann", at=NOON)
    between = Between(commits=(commit,) * (MOST_LINES + 2), is_cut=True)
    inputs = (
        ValueChange(name="size", kind=Difference.CHANGED, old=1, new=2),
        ValueChange(name="key", kind=Difference.ADDED, is_secret=True),
    )
    change = DeploymentChange(
        project="web", environment="production", deployment="app", old="1.1", new="1.2", inputs=inputs, between=between
    )

    (part,) = change_part(ChangeSet(deployments=(change,))).deployments
    said = [f"{line.sign} {line.words} {line.detail}".strip() for line in part.lines]

    assert (part.title, part.versions) == ("deploy app in web/production", "1.1 → 1.2")
    assert said[0] == "+ commit, new: 1.2 abc Fix by ann"
    assert said[MOST_LINES:] == [
        "… and 2 commits more, at least",
        "~ input size, changed 1 → 2",
        "+ input key, added secret",
    ]
