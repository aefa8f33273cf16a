"""Pages of trains: what each stage shows, who may do what there, and that a deploy and a replay count once."""

import re
from datetime import timedelta

import pytest

from tests.dialects.console.given import NOOP, PIPELINES, a_release
from tests.dialects.console.given_trains import STAGES, a_snapshot, a_train, deployed, many_trains, trains
from tests.dialects.console.sent import by_session, send
from tests.dialects.matrix.callers import ADMIN, OWNER, READER, STRANGER, WRITER
from tests.dialects.matrix.things import fill
from tests.dialects.matrix.world import World, people
from tests.http.house import Answered

SNAPSHOTS = "/trains/$train/snapshots"
HOURS = timedelta(hours=2)


@pytest.fixture
def world() -> World:
    world = World()
    people(world)
    trains(world)
    return world


def row_of(page: Answered, number: str) -> str:
    """The row of a snapshot of this number on the page of its train."""
    rows = re.findall(r"<tr id=\"snapshot-\d+\"><th scope=\"row\">.*?</tr>", page.text, re.DOTALL)
    return str(next(row for row in rows if f">{number}</a>" in row))


def runs_of(world: World, snapshot: str) -> list[str]:
    runs = world.done("GET", f"/api/v1/trains/$train/snapshots/{world.things[snapshot]}")["runs"]
    return [str(run) for run in runs]


def test_a_stage_shows_what_is_there_and_what_is_on_its_way(world: World) -> None:
    page = world.ask("GET", "/trains", by=OWNER).text
    cells = re.findall(r'<td data-at="try">(.*?)</td>', page)
    numbers = [re.findall(r"snapshots/\d+\">(\d+)</a>", cell) for cell in cells]

    assert ["4", "3"] in numbers, "the newest failed, and the one before it went well"


def test_the_furthest_snapshot_is_shown_however_many_came_after_it() -> None:
    world = World()
    people(world)
    many_trains(world, count=1)
    first, last = "1", "27"
    train = world.things["long"]
    deployed(world, int(train), str(int(train) + 1), "production")
    page = world.ask("GET", "/trains", by=READER).text

    assert re.findall(r'data-at="production">.*?snapshots/\d+">(\d+)</a>', page) == [first]
    assert re.findall(r'data-at="staging">.*?snapshots/\d+">(\d+)</a>', page) == [last]
    (more,) = re.findall(
        rf'href="\.\./trains/{train}\?(page_from=\d+)"', world.ask("GET", f"/trains/{train}", by=READER).text
    )
    assert row_of(world.ask("GET", f"/trains/{train}?{more}", by=READER), first)


def test_snapshots_that_nobody_planned_stand_beside_the_releases(world: World) -> None:
    world.done("POST", "/api/v1/snapshots", {"project": "web", "pipeline": "line", "number": "nightly"}, by=OWNER)
    world.house.work_off()
    page = world.ask("GET", "/trains?application=web", by=READER).text

    assert "without a release" in page
    assert ">nightly</a>" in page


def test_what_was_overtaken_is_hatched_and_says_so(world: World) -> None:
    page = world.ask("GET", "/trains/$train", by=READER)

    assert "hatched" in row_of(page, "2")
    assert "out of date" in row_of(page, "2")
    assert [number for number in "134" if "hatched" in row_of(page, number)] == []


@pytest.mark.parametrize(
    "path", ["/trains", "/trains/$gated_train", f"{SNAPSHOTS.replace('$train', '$gated_train')}/$gated_snapshot"]
)
def test_trains_of_both_apis_have_the_same_pages(path: str) -> None:
    world = World()
    people(world)
    fill(world)
    page = world.ask("GET", path, by=READER)

    assert page.status == 200
    assert "Quality" in page.text
    assert "1.0" in page.text or "gated" in page.text


def test_a_reader_sees_no_button_and_is_refused(world: World) -> None:
    for snapshot in ("new", "broken", "live", "old"):
        page = world.ask("GET", f"{SNAPSHOTS}/${snapshot}", by=READER).text
        assert "Deploy" not in page
        assert 'method="post"' not in page.partition("<main")[2]
    assert send(world, f"{SNAPSHOTS}/$new/deployments", "stage=production", READER).status == 403
    assert (
        send(
            world, f"{SNAPSHOTS}/$broken/acts", f"act=replay&execution=1&run={runs_of(world, 'broken')[0]}", READER
        ).status
        == 403
    )
    assert len(runs_of(world, "new")) == 1


def test_somebody_of_another_project_sees_nothing_of_it(world: World) -> None:
    assert "web" not in world.ask("GET", "/trains", by=STRANGER).text.partition("<main")[2]
    for path in ("/trains/$train", f"{SNAPSHOTS}/$new", "/trains?project=web"):
        hidden = world.ask("GET", path, by=STRANGER)
        nothing = world.ask("GET", re.sub(r"\$\w+|web", "77", path), by=STRANGER)
        assert (hidden.status, nothing.status) == (404, 404)
    assert send(world, f"{SNAPSHOTS}/$new/deployments", "stage=production", STRANGER).status == 404


def test_a_deploy_promotes_the_run_and_counts_once(world: World) -> None:
    first = send(world, f"{SNAPSHOTS}/$new/deployments", "once=v1&stage=production")
    again = send(world, f"{SNAPSHOTS}/$new/deployments", "once=v1&stage=production")
    world.house.work_off()

    assert first.headers["Location"] == again.headers["Location"] == f"../../../../runs/{runs_of(world, 'new')[0]}"
    assert len(runs_of(world, "new")) == 1
    assert row_of(world.ask("GET", "/trains/$train", by=READER), "3").count("succeeded") == 3


def test_deployed_where_it_was_it_is_deployed_again_by_another_run(world: World) -> None:
    assert "Deploy again" in world.ask("GET", f"{SNAPSHOTS}/$live", by=WRITER).text
    send(world, f"{SNAPSHOTS}/$live/deployments", "stage=production", WRITER)

    assert len(runs_of(world, "live")) == 2


def test_a_replay_runs_the_stage_again_in_its_run(world: World) -> None:
    (run,) = runs_of(world, "broken")
    page = world.ask("GET", f"{SNAPSHOTS}/$broken", by=WRITER).text
    assert 'aria-label="Replay try"' in page

    assert send(world, f"{SNAPSHOTS}/$broken/acts", f"act=replay&execution=1&run={run}", WRITER).status == 303
    assert send(world, f"{SNAPSHOTS}/$broken/acts", f"act=replay&execution=1&run={run}", WRITER).status == 409
    world.house.work_off()
    assert 'aria-label="Replay try"' not in world.ask("GET", f"{SNAPSHOTS}/$broken", by=WRITER).text


def test_a_run_of_something_else_is_not_replayed_under_the_name_of_a_snapshot(world: World) -> None:
    (run,) = runs_of(world, "broken")

    assert send(world, f"{SNAPSHOTS}/$new/acts", f"act=replay&execution=1&run={run}", ADMIN).status == 404
    assert send(world, f"{SNAPSHOTS}/$new/acts", f"act=replay&execution=1&run={runs_of(world, 'new')[0]}").status == 409


@pytest.mark.parametrize(("stage", "status"), [("production", 401), ("PRODUCTION", 401), ("staging", 303)])
def test_a_session_left_open_lets_nothing_into_production(world: World, stage: str, status: int) -> None:
    world.house.world.move(HOURS)

    answered = by_session(world, f"{SNAPSHOTS}/$live/deployments", f"stage={stage}")

    assert answered.status == status
    assert status == 303 or "log in again" in answered.text


def test_a_fresh_session_deploys_into_production(world: World) -> None:
    assert by_session(world, f"{SNAPSHOTS}/$new/deployments", "stage=production").status == 303


def test_a_session_left_open_replays_nothing_into_production(world: World) -> None:
    phases = [{**STAGES[0], "environment": "production"}]
    world.done("POST", "/api/v1/pipelines/by-project/web/add", {"name": "straight", "phases": phases})
    train = a_train(world, "3.0", "straight")
    snapshot = a_snapshot(world, train, "failed")
    (run,) = world.done("GET", f"/api/v1/trains/{train}/snapshots/{snapshot}")["runs"]
    world.house.world.move(HOURS)
    target, form = f"/trains/{train}/snapshots/{snapshot}/acts", f"act=replay&execution=1&run={run}"

    assert by_session(world, target, form).status == 401
    assert send(world, target, form).status == 303, "a token decides, as by the API"


def test_nothing_is_offered_of_what_is_rejected_or_cancelled(world: World) -> None:
    world.done("POST", f"/api/v1{SNAPSHOTS}/$new/acts", {"act": "reject", "reason": "it leaks"}, by=OWNER)
    page = world.ask("GET", f"{SNAPSHOTS}/$new", by=OWNER).text

    assert "it leaks" in page
    assert "Deploy" not in page
    assert send(world, f"{SNAPSHOTS}/$new/deployments", "stage=production").status == 409


def test_a_deploy_into_production_is_shown_with_what_it_changes_before_it_is_done(world: World) -> None:
    a_release(world, "1.1")
    job = {"environment": "production", "deployment": "app", "release": "demo/app"}
    world.done("POST", "/api/v1/deployment-jobs/by-project/web/add", job)
    ship = {"name": "deploy", "type": "deploy", "environment": "production", "deployment": "app"}
    phases = [
        {"name": "staging", "environment": "staging", "steps": [NOOP]},
        {"name": "production", "environment": "production", "promotion": "manual", "steps": [ship]},
    ]
    world.done("POST", f"{PIPELINES}/add", {"name": "shipping", "phases": phases})
    train = a_train(world, "4.0", "shipping")
    page = world.ask("GET", f"/trains/{train}/snapshots/{a_snapshot(world, train)}", by=WRITER).text
    offered = page.partition('id="deploy"')[2]

    assert "Production: this lets it into <b>production</b>." in offered
    assert "deploy app in web/production: nothing → 1.1" in offered
    assert offered.index("nothing → 1.1") < offered.index("<button")


def test_the_run_of_a_snapshot_leads_to_it(world: World) -> None:
    (run,) = runs_of(world, "new")
    page = world.ask("GET", f"/runs/{run}", by=READER).text

    assert f'href="../trains/{world.put("$train/snapshots/$new")}"' in page


@pytest.mark.parametrize("path", ["/trains/$train", f"{SNAPSHOTS}/$new"])
def test_who_sees_it_already_is_sent_nothing_until_it_changes(world: World, path: str) -> None:
    known = re.findall('data-known="([^"]+)"', world.ask("GET", path, by=OWNER).text)[0]

    assert world.ask("GET", f"{path}?known={known}", by=OWNER).status == 204
    send(world, f"{SNAPSHOTS}/$new/deployments", "stage=production")
    world.house.work_off()
    assert world.ask("GET", f"{path}?known={known}", by=OWNER).status == 200


def test_a_stage_that_the_pipeline_has_since_is_looked_at_too(world: World) -> None:
    staging = {"name": "staging", "environment": "staging", "steps": [NOOP]}
    live = {"name": "live", "environment": "production", "promotion": "manual", "steps": [NOOP]}
    held = {**live, "name": "hold", "environment": "staging"}
    world.done("POST", f"{PIPELINES}/add", {"name": "growing", "phases": [staging, held]})
    train = a_train(world, "5.0", "growing")
    snapshot = a_snapshot(world, train)
    world.done("PUT", f"{PIPELINES}/by-name/growing/", {"name": "growing", "phases": [live, staging]})
    world.house.world.move(HOURS)
    target = f"/trains/{train}/snapshots/{snapshot}/deployments"

    assert by_session(world, target, "stage=live").status == 401
    assert send(world, target, "stage=live").status == 303
