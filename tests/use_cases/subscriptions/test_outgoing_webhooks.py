"""Webhooks: made and removed, called for what occurs, tried again, paused, and sent again."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel.faults import Conflict, Invalid, NotFound
from chalicelib.kernel.feed.occurrence import KEPT, Occurrence, OccurrenceType
from chalicelib.kernel.projects.project import Project
from chalicelib.kernel.releases.hook import Signed, signature
from chalicelib.kernel.subscriptions.event_delivery import DeliveryStatus
from chalicelib.kernel.subscriptions.subscription import PAUSED_AFTER
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.releases.deliver import attempt_delivery
from chalicelib.use_cases.subscriptions.deliveries import DeliveriesQuery, Redeliver, list_deliveries, redeliver
from chalicelib.use_cases.subscriptions.dispatch import dispatch_events
from chalicelib.use_cases.subscriptions.outgoing_webhooks import (
    MOST_OF_PROJECT,
    CreateWebhook,
    NewWebhook,
    WebhookCommand,
    create_webhook,
    list_webhooks,
    remove_webhook,
    resume_webhook,
)
from tests.builders import NOON, an_entry
from tests.use_cases.access.access_ports import ROOT
from tests.use_cases.house import House

URL = "https://hooks.example.org/in"


def origin(house: House, seed: str) -> Origin:
    return Origin(by=ROOT, at=house.world.now(), seed=seed)


def a_house() -> House:
    house = House()
    house.ports.projects.create(Project(name="web", created_at=NOON), an_entry())
    return house


def made(house: House, seed: str = "one", url: str = URL, project: str = "web", *kinds: str) -> NewWebhook:
    command = CreateWebhook(origin=origin(house, seed), url=url, project=project, kinds=kinds)
    return create_webhook(house.ports, command)


def occur(house: House, subject: str, project: str = "web", kind: OccurrenceType = OccurrenceType.RUN_ENDED) -> None:
    at = house.world.now()
    house.feed.add((Occurrence(type=kind, project=project, subject=subject, at=at, facts={"run": subject}),))


def dispatch(house: House) -> int:
    return dispatch_events(house.ports, house.world.now() + timedelta(seconds=1))


def send(house: House) -> None:
    """All that is due is tried once."""
    for one in list(house.outbox.due(house.world.now(), 100)):
        attempt_delivery(house.ports, one.id)


def statuses(house: House, webhook: str) -> list[tuple[str, str]]:
    found = list_deliveries(house.ports, DeliveriesQuery(id=webhook, project="web")).deliveries
    return [(one.event, one.status.value) for one in found]


def test_an_event_arrives_signed_as_a_cloud_event() -> None:
    house = a_house()
    occur(house, "before")
    new = made(house)
    occur(house, "run1")
    assert (dispatch(house), dispatch(house)) == (1, 0)
    send(house)
    ((url, headers, body),) = house.outside.posted
    assert (url, headers["content-type"]) == (URL, "application/cloudevents+json")
    assert json.loads(body)["subject"] == "run1"
    signed = Signed(id=headers["webhook-id"], at=int(headers["webhook-timestamp"]), body=body)
    assert new.secret.startswith("whsec_")
    assert headers["webhook-signature"] == signature(new.secret, signed)
    assert statuses(house, new.webhook.id) == [("2.0", "delivered")]


def test_webhooks_are_called_for_their_kinds_and_project() -> None:
    house = a_house()
    made(house, "gates", URL + "/gates", "web", "gate")
    made(house, "all", URL + "/all", "")
    occur(house, "run1")
    occur(house, "g1", kind=OccurrenceType.GATE_OPENED)
    occur(house, "run2", project="api")
    dispatch(house)
    send(house)
    called = [(url.rpartition("/")[2], json.loads(body)["subject"]) for url, _, body in house.outside.posted]
    assert sorted(called) == [("all", "g1"), ("all", "run1"), ("all", "run2"), ("gates", "g1")]


def test_a_sweep_that_dies_sends_nothing_twice_and_loses_nothing() -> None:
    house = a_house()
    new = made(house)
    for number in range(3):
        occur(house, f"run{number}")
    before = house.subscriptions.kept
    dispatch(house)
    send(house)
    # As if the cursor had not been saved.
    house.subscriptions.kept = before
    dispatch(house)
    send(house)
    assert len(house.outside.posted) == 3
    assert len(statuses(house, new.webhook.id)) == 3


def test_a_call_that_fails_is_tried_again_and_says_so() -> None:
    house = a_house()
    new = made(house)
    occur(house, "run1")
    dispatch(house)
    house.outside.answers += [Called(status=503), Called(status=200)]
    send(house)
    (tried,) = list_deliveries(house.ports, DeliveriesQuery(id=new.webhook.id, project="web")).deliveries
    assert (tried.status, tried.attempts[0].said) == (DeliveryStatus.PENDING, "answered 503")
    assert list_webhooks(house.ports, "web")[0].failing_since == house.world.now()
    house.world.move(timedelta(seconds=6))
    send(house)
    assert statuses(house, new.webhook.id) == [("1.0", "delivered")]
    assert list_webhooks(house.ports, "web")[0].failing_since is None


def test_a_webhook_that_fails_long_is_paused_says_so_and_can_be_resumed() -> None:
    house = a_house()
    webhook = made(house).webhook
    house.outside.answers += [Called(status=500)] * 100
    for hour in range(0, int(PAUSED_AFTER.total_seconds()) // 3600 + 1, 4):
        occur(house, f"run{hour}")
        dispatch(house)
        send(house)
        house.world.move(timedelta(hours=4))
    (paused,) = list_webhooks(house.ports, "web")
    assert paused.paused.startswith("no call has gone well since")
    assert [entry.act for entry in house.audits.kept.values() if "webhook" in entry.act] == [
        "added-webhook",
        "paused-webhook",
    ]
    house.outside.answers.clear()
    house.outside.posted.clear()
    send(house)
    occur(house, "while paused")
    dispatch(house)
    send(house)
    assert house.outside.posted == []
    with pytest.raises(Conflict, match="is paused: no call has gone well"):
        redeliver(house.ports, Redeliver(origin=origin(house, "x"), id=webhook.id, event="1.0", project="web"))

    house.world.move(timedelta(minutes=1))
    command = WebhookCommand(origin=origin(house, "resume"), id=webhook.id, project="web")
    assert resume_webhook(house.ports, command).paused == ""
    house.world.move(timedelta(minutes=1))
    occur(house, "after")
    dispatch(house)
    send(house)
    assert [json.loads(body)["subject"] for _, _, body in house.outside.posted] == ["after"]


def test_an_address_that_is_gone_pauses_its_webhook_at_once() -> None:
    house = a_house()
    webhook = made(house).webhook
    occur(house, "run1")
    dispatch(house)
    house.outside.answers.append(Called(status=410))
    send(house)
    assert "410" in list_webhooks(house.ports, "web")[0].paused
    assert statuses(house, webhook.id) == [("1.0", "failed")]


def test_what_is_given_up_can_be_sent_again_under_its_id() -> None:
    house = a_house()
    webhook = made(house).webhook
    occur(house, "run1")
    dispatch(house)
    house.outside.answers += [Called(status=400)] * 60
    while house.outbox.kept:
        send(house)
        house.world.move(timedelta(minutes=20))
    assert statuses(house, webhook.id) == [("1.0", "failed")]
    house.outside.answers.clear()
    command = Redeliver(origin=origin(house, "again"), id=webhook.id, event="1.0", project="web")
    assert redeliver(house.ports, command).status is DeliveryStatus.PENDING
    send(house)
    assert statuses(house, webhook.id) == [("1.0", "delivered")]
    assert len({headers["webhook-id"] for _, headers, _ in house.outside.posted}) == 1
    with pytest.raises(NotFound, match=r"no delivery of event 9\.0"):
        redeliver(house.ports, replace(command, event="9.0"))


def test_a_webhook_that_was_removed_is_not_called_any_more() -> None:
    house = a_house()
    new = made(house, url=URL + "?token=abcdefghijklmnop")
    assert new.webhook.url == URL + "?token=***"
    occur(house, "run1")
    dispatch(house)
    command = WebhookCommand(origin=origin(house, "gone"), id=new.webhook.id, project="web")
    remove_webhook(house.ports, command)
    remove_webhook(house.ports, command)
    send(house)
    assert (house.outside.posted, house.outbox.kept, list_webhooks(house.ports, "web")) == ([], {}, [])
    assert house.ports.secrets.__dict__.get("kept", {}) == {}
    with pytest.raises(NotFound, match=f"no webhook {new.webhook.id}"):
        remove_webhook(house.ports, replace(command, origin=origin(house, "other")))


def test_a_repeated_request_makes_one_webhook() -> None:
    house = a_house()
    assert made(house).webhook == made(house).webhook
    assert len(list_webhooks(house.ports, "web")) == 1


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"url": "ftp://x"}, "url"),
        ({"url": "https://x/***"}, "url"),
        ({"kinds": ("dream",)}, "kinds"),
        ({"secret": "whsec_"}, "secret"),
        ({"secret": "mine"}, "secret"),
    ],
)
def test_a_webhook_that_cannot_be_is_refused(change: dict[str, Any], path: str) -> None:
    house = a_house()
    command = CreateWebhook(origin=origin(house, "x"), url=URL, project="web")
    with pytest.raises(Invalid) as refused:
        create_webhook(house.ports, replace(command, **change))
    assert [defect.path for defect in refused.value.defects] == [path]


def test_a_project_has_so_many_webhooks_at_most() -> None:
    house = a_house()
    for number in range(MOST_OF_PROJECT):
        made(house, str(number))
    with pytest.raises(Conflict, match="20 webhooks already"):
        made(house, "one more")
    with pytest.raises(NotFound, match="nowhere"):
        made(house, "x", URL, "nowhere")


def test_after_a_week_without_a_sweep_what_is_still_kept_is_sent() -> None:
    house = a_house()
    made(house)
    occur(house, "old")
    dispatch(house)
    occur(house, "lost")
    house.world.move(KEPT + timedelta(hours=1))
    occur(house, "new")
    dispatch(house)
    send(house)
    assert "new" in [json.loads(body)["subject"] for _, _, body in house.outside.posted]
