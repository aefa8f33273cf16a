"""Snapshots that a train's schedule makes: one at each fire, on behalf of whoever planned the train last."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.functions.sweep import sweep
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.trains.gated import Readiness
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.train import Train, TrainSettings
from chalicelib.use_cases.access.users import CreateUser, UserSettings, create_user
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.trains.ending import EndTrain, TrainAct, end_train
from chalicelib.use_cases.trains.trains import UpdateTrain, update_train
from chalicelib.use_cases.travel.scheduled_builds import FIRED, build_on_schedule
from tests.builders import NOON, an_entry
from tests.kernel.definitions.gated.given import a_stage, a_step
from tests.use_cases.catalog_ports import ROOT, WRITER, an_origin
from tests.use_cases.travel.gated_line import GatedLine

EACH_MINUTE = "0 0/2 * ? * *;0 1/2 * ? * *;0 0 * ? * *"


@pytest.fixture
def line() -> GatedLine:
    return GatedLine()


def planned(line: GatedLine, **said: object) -> Train:
    look = a_stage(a_step("MANUAL", "look"), environment=line.dev)
    return line.plan(line.lay(look), schedule=EACH_MINUTE, **said)


def made(line: GatedLine, train: Train) -> list[Snapshot]:
    return list(line.ports.snapshots.of_train(train.id, Page()))


def say(line: GatedLine, train: Train, **said: object) -> None:
    before = line.ports.trains.train(train.id).gated
    assert before is not None
    settings = TrainSettings(gated=replace(before, **said))  # type: ignore[arg-type]  # fields of it, by name
    origin = replace(an_origin(WRITER), at=line.world.now())
    update_train(line.ports, UpdateTrain(origin=origin, train=train.id, settings=settings))


@pytest.fixture(autouse=True)
def _ada(line: GatedLine) -> None:
    roles = (str(role_in("web", Level.WRITE)),)
    create_user(line.ports, CreateUser(origin=an_origin(ROOT), name="ada", standing=UserSettings(roles=roles)))


def test_a_snapshot_is_made_at_each_fire_once(line: GatedLine) -> None:
    train = planned(line)
    line.pass_time(59)
    assert made(line, train) == []
    for _ in range(3):
        line.pass_time(1)
    (first,) = made(line, train)
    assert (first.created_by, first.title) == ("ada", "06-01-2026 12:01:00")
    assert line.nodes(first) == {"look": Phase.WAITING_PERSON}
    line.pass_time(60)
    assert len(made(line, train)) == 2


def test_the_sweep_of_each_minute_makes_a_snapshot_to_the_second(line: GatedLine) -> None:
    train = planned(line)
    assert sweep(line.ports)["trains"]
    line.world.move(timedelta(seconds=59))
    line.work_off()
    assert made(line, train) == []
    line.world.move(timedelta(seconds=1))
    line.work_off()
    assert [one.created_at for one in made(line, train)] == [NOON + timedelta(seconds=60)]


def test_a_fire_is_looked_at_again_and_makes_nothing(line: GatedLine) -> None:
    train = planned(line)
    line.pass_time(60)
    fired = line.ports.trains.train(train.id)
    build_on_schedule(line.ports, train.id)
    assert line.ports.trains.train(train.id) == fired
    # As a process leaves it that dies before it notes the fire.
    line.ports.trains.save(replace(fired, gated=train.gated), an_entry("dies"))
    build_on_schedule(line.ports, train.id)
    assert len(made(line, train)) == 1
    build_on_schedule(line.ports, 7)


def test_fires_that_were_missed_are_made_good_by_one_snapshot(line: GatedLine) -> None:
    train = planned(line)
    line.pass_time(3600)
    line.pass_time(1)
    assert len(made(line, train)) == 1


def test_a_suspended_train_makes_none_and_goes_on_with_the_next_fire(line: GatedLine) -> None:
    train = planned(line)
    say(line, train, readiness=Readiness.SUSPENDED)
    line.pass_time(90)
    say(line, train, readiness=Readiness.STARTED)
    line.pass_time(1)
    assert made(line, train) == []
    line.pass_time(30)
    assert len(made(line, train)) == 1


def test_a_train_that_is_over_makes_none(line: GatedLine) -> None:
    train = planned(line)
    end_train(line.ports, EndTrain(origin=an_origin(WRITER), train=train.id, act=TrainAct.COMPLETE))
    line.pass_time(90)
    assert made(line, train) == []
    # A note of the fire may come late.
    build_on_schedule(line.ports, train.id)
    assert made(line, train) == []


def test_what_a_fire_cannot_make_is_said_in_the_audit_log(line: GatedLine) -> None:
    train = planned(line)
    user = line.ports.access.find_user("ada")
    assert user is not None
    line.ports.access.remove_user(user, an_entry("removes"))
    line.pass_time(60)
    (fired,) = [one for one in line.audits.kept.values() if one.act == FIRED]
    assert "user ada, who is not there any more" in fired.notes
    assert made(line, train) == []
    gated = line.ports.trains.train(train.id).gated
    assert gated is not None
    assert gated.build_at == NOON + timedelta(seconds=120)
