"""Planning trains, and who may."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.projects.project import Project
from chalicelib.kernel.trains.template import Template, TemplateVariable
from chalicelib.kernel.trains.train import Member, TrainSettings, TrainStatus
from chalicelib.kernel.trains.variables import Scope, ScopeKind
from chalicelib.use_cases.trains.ending import EndTrain, end_train
from chalicelib.use_cases.trains.lists import TrainsQuery, list_trains
from chalicelib.use_cases.trains.templates import UpdateTemplate, list_templates, update_template
from chalicelib.use_cases.trains.trains import TrainNamed, UpdateTrain, create_train, get_train, update_train
from chalicelib.use_cases.variables.train_variables import (
    UpdateVariables,
    VariablesNamed,
    get_variables,
    update_variables,
)
from tests.builders import NOON, an_entry
from tests.use_cases.catalog_ports import READER, ROOT, WRITER, an_origin
from tests.use_cases.trains.station import WEB, Station, a_plan, restoring

SHOP = Member(project="shop", application="shop")
STRANGER = replace(READER, name="eve", roles=frozenset())


@pytest.fixture
def station() -> Station:
    return Station()


def listed(station: Station, **by: Any) -> list[str]:  # noqa: ANN401 - fields of a query
    return [one.number for one in list_trains(station.ports, TrainsQuery(by=WRITER, **by))]


def test_a_train_begins_a_block_of_ids_and_counts_in_its_application(station: Station) -> None:
    first, second = station.plan("1.0", title="autumn"), station.plan("2.0")
    other = station.plan("1.0", members=(Member(project="web", application="shop"),))

    assert [one.id for one in (first, second, other)] == [10_001, 10_101, 10_201]
    assert [one.sequence for one in (first, second, other)] == [1, 2, 1]
    assert [one.name for one in (first, second)] == ["autumn", "2.0"]
    assert get_train(station.ports, TrainNamed(origin=an_origin(READER), train=10_001)) == first
    owner = station.ports.numbers.find_owner(10_077)
    assert owner is not None
    assert (owner.kind, owner.id) == ("train", "10001")


def test_a_number_twice_is_refused_and_a_repeated_request_is_not(station: Station) -> None:
    first = station.plan("1.0", seed="the same")

    assert station.plan("1.0", seed="the same") == first
    with pytest.raises(Conflict, match=r"train 1\.0 of web/web exists already"):
        station.plan("1.0")
    assert station.plan("1.1").id == 10_101


def test_every_defect_is_told_at_once_and_nothing_is_stored(station: Station) -> None:
    command = a_plan(" ", pipeline="none", title="x" * 201, variables={"1": "a"}, members=(WEB, WEB))

    with pytest.raises(Invalid) as refused:
        create_train(station.ports, command)
    assert {defect.path for defect in refused.value.defects} == {
        "number",
        "title",
        "members[1]",
        "pipeline",
        "variables.1",
    }
    assert listed(station) == []


def test_who_may_not_write_in_its_project_plans_no_train(station: Station) -> None:
    for by, fault in ((READER, Forbidden), (STRANGER, NotFound)):
        with pytest.raises(fault):
            station.plan(by=by)
    with pytest.raises(Invalid):
        station.plan(members=())


def test_every_other_project_must_be_readable(station: Station) -> None:
    station.ports.projects.create(Project(name="shop", created_at=NOON), an_entry())

    with pytest.raises(NotFound, match="no project shop"):
        station.plan(members=(WEB, SHOP))
    assert station.plan(by=ROOT, members=(WEB, SHOP)).members == (WEB, SHOP)


def test_who_may_not_read_finds_nothing(station: Station) -> None:
    station.plan()

    with pytest.raises(NotFound, match="no train 10001"):
        get_train(station.ports, TrainNamed(origin=an_origin(STRANGER), train=10_001))
    assert list_trains(station.ports, TrainsQuery(by=STRANGER)) == []
    with pytest.raises(Forbidden):
        end_train(station.ports, EndTrain(origin=an_origin(READER), train=10_001))


def test_trains_are_found_by_every_filter_newest_first(station: Station) -> None:
    station.plan("1.0", title="autumn")
    station.plan("2.0", title="Winter")
    station.plan("RC", members=(Member(project="web", application="shop"),))
    end_train(station.ports, EndTrain(origin=an_origin(), train=10_001))

    assert listed(station) == ["RC", "2.0", "1.0"]
    assert listed(station, project="WEB") == ["RC", "2.0", "1.0"]
    assert listed(station, project="web", application="web") == ["2.0", "1.0"]
    assert listed(station, project="web", application="web", number="2.0") == ["2.0"]
    assert listed(station, number="rc") == ["RC"]
    assert listed(station, title="winter") == ["2.0"]
    assert listed(station, status=TrainStatus.CANCELLED) == ["1.0"]
    assert listed(station, pipeline="Release", size=2) == ["RC", "2.0"]
    assert listed(station, pipeline="none") == listed(station, project="none", application="x") == []


def test_a_train_is_said_anew_and_keeps_what_is_not_said(station: Station) -> None:
    station.plan("1.0", title="autumn")
    said = TrainSettings(description="why", target_at=NOON + timedelta(days=1))
    changed = update_train(station.ports, UpdateTrain(origin=an_origin(), train=10_001, settings=said))

    assert (changed.title, changed.description, changed.target_at) == ("", "why", NOON + timedelta(days=1))
    assert (changed.pipeline, changed.members) == ("release", (WEB,))
    with pytest.raises(Invalid):
        update_train(
            station.ports, UpdateTrain(origin=an_origin(), train=10_001, settings=TrainSettings(pipeline="none"))
        )


def test_a_train_is_cancelled_once_with_a_reason_and_restored(station: Station) -> None:
    station.plan()
    over = end_train(station.ports, EndTrain(origin=an_origin(), train=10_001, reason="not this year"))

    assert over.status is TrainStatus.CANCELLED
    (entry,) = (one for one in station.audits.kept.values() if one.act == "cancelled-train")
    assert (entry.by, entry.subject, entry.notes) == ("ada", "web/web/1.0", "not this year")
    with pytest.raises(Conflict):
        end_train(station.ports, EndTrain(origin=an_origin(), train=10_001))
    assert end_train(station.ports, restoring()).status is TrainStatus.ACTIVE
    with pytest.raises(Conflict):
        end_train(station.ports, restoring())


def test_a_template_gives_the_pipeline_and_asks_for_variables(station: Station) -> None:
    asked = (TemplateVariable(name="Host", required=True), TemplateVariable(name="Size", initial="small"))
    template = Template(name="Standard", pipeline="release", train_variables=asked)
    update_template(station.ports, UpdateTemplate(origin=an_origin(), template=template))

    with pytest.raises(Invalid) as refused:
        station.plan(pipeline="", template="standard")
    assert [defect.path for defect in refused.value.defects] == ["variables.Host"]
    train = station.plan(pipeline="", template="standard", variables={"host": "h"})
    assert (train.pipeline, train.template) == ("release", "Standard")
    kept = station.ports.variables.variables(Scope(kind=ScopeKind.TRAIN, place=str(train.id)))
    assert kept.values == {"Host": "h", "Size": "small"}
    with pytest.raises(Invalid, match="template"):
        station.plan("2.0", template="none")


@pytest.mark.parametrize("given", ["s3cret", {"secret": "s3cret"}])
def test_what_a_template_calls_sensitive_is_kept_as_a_secret(station: Station, given: object) -> None:
    template = Template(
        name="Standard",
        pipeline="release",
        train_variables=(TemplateVariable(name="Key", required=True, sensitive=True),),
    )
    update_template(station.ports, UpdateTemplate(origin=an_origin(), template=template))

    train = station.plan(pipeline="", template="standard", variables={"key": given})

    kept = station.ports.variables.variables(Scope(kind=ScopeKind.TRAIN, place=str(train.id)))
    assert (kept.values, list(kept.secrets)) == ({}, ["key"])
    assert station.ports.secrets.get(kept.secrets["key"]) == "s3cret"


def test_a_template_is_replaced_whole_and_checked(station: Station) -> None:
    for pipeline in ("release", "other"):
        update_template(
            station.ports, UpdateTemplate(origin=an_origin(), template=Template(name="a", pipeline=pipeline))
        )

    assert [one.pipeline for one in list_templates(station.ports, WRITER)] == ["other"]
    with pytest.raises(Invalid):
        update_template(station.ports, UpdateTemplate(origin=an_origin(), template=Template(name="", pipeline="")))


def test_variables_are_replaced_and_secret_ones_stay_out_of_the_record(station: Station) -> None:
    station.plan(variables={"Host": "h", "key": {"secret": "s3cret"}})
    named = VariablesNamed(origin=an_origin(), train=10_001)
    first = get_variables(station.ports, named)
    assert dict(first.values) == {"Host": "h"}
    assert station.ports.secrets.get(first.secrets["key"]) == "s3cret"

    after = update_variables(station.ports, UpdateVariables(origin=an_origin(), train=10_001, variables={"port": "80"}))

    assert (dict(after.values), dict(after.secrets), get_variables(station.ports, named)) == ({"port": "80"}, {}, after)
    with pytest.raises(Invalid):
        update_variables(station.ports, UpdateVariables(origin=an_origin(), train=10_001, variables={"a": 1}))
    with pytest.raises(NotFound):
        get_variables(station.ports, replace(named, snapshot=10_002))
