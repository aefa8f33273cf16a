"""Hooks hear of every upload, at least once and not for ever, signed, and whoever uploads never waits for them."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import ADMIN
from chalicelib.kernel.faults import Invalid, Unavailable
from chalicelib.kernel.releases.delivery import OF_HOOKS
from chalicelib.kernel.releases.hook import Hooks, Signed, signature
from chalicelib.kernel.releases.release import Namespace, Release
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.ports.releases import Unit
from chalicelib.use_cases.releases.hooks import UpdateHooks, get_hooks, update_hooks
from chalicelib.use_cases.releases.upload import PackageOf, UploadWhole, upload_whole
from slipway_formats.release import Dependency, Metadata
from tests.builders import NOON, an_entry
from tests.fakes.inventory import FakeInventory, as_ports
from tests.fakes.packages import FakePackages
from tests.fakes.secrets import FakeSecrets
from tests.packages import a_package_file
from tests.use_cases.house import House

ADA = Principal(name="ada", roles=frozenset({ADMIN}))
EVENTS = "https://e.example/x"
DOWN = Called(status=503)


@dataclass
class Place:
    """A release of demo/app, and those who may want to hear of its package."""

    inventory: FakeInventory = field(default_factory=FakeInventory)
    packages: FakePackages = field(default_factory=FakePackages)

    def __post_init__(self) -> None:
        self.house = House(outbox=self.inventory.outbox, audits=self.inventory.audits)
        self.ports = self.house.ports = replace(self.house.ports, **as_ports(self.inventory), packages=self.packages)
        self.release("demo", "app", "web")

    def release(self, namespace: str, name: str, project: str, *needs: str) -> None:
        """A release, of a namespace of the project."""
        depends = tuple(Dependency(release_id=one) for one in needs)
        metadata = Metadata(name=name, version="1.0", depends=depends)
        release = Release(namespace=namespace, metadata=metadata, by="ada", at=NOON)
        self.inventory.register(release, self.inventory.application_head(namespace, name), project, an_entry())

    def hook(self, unit: Unit, hooks: Hooks) -> None:
        """The unit's hooks are these."""
        update_hooks(self.ports, UpdateHooks(origin=self.origin(), unit=unit, hooks=hooks))

    def origin(self) -> Origin:
        """Ada, now."""
        return Origin(by=ADA, at=self.house.world.now(), seed=self.house.world.identifier())

    def upload(self) -> None:
        """The package of demo/app-v1.0 comes."""
        of = PackageOf(origin=self.origin(), namespace="demo", application="app", version="v1.0")
        upload_whole(self.ports, UploadWhole(of=of, content=a_package_file()))

    def told(self) -> dict[str, Any]:
        """What each address was told, once the queues are empty."""
        self.house.work_off()
        return {url: json.loads(body) for url, _, body in self.house.outside.posted}


@pytest.fixture
def place() -> Place:
    return Place()


def test_hooks_of_namespace_and_unit_hear_of_an_upload(place: Place) -> None:
    place.hook(("demo", ""), {"events": {"url": EVENTS, "secret": "s"}})
    place.hook(("demo", "app"), {"build": {"url": "https://b.example/"}})

    place.upload()

    payload = {
        "event": "NEW_UPLOAD",
        "project": "demo",
        "project_hooks": {"events": {"url": EVENTS}},
        "unit": "app",
        "unit_hooks": {"build": {"url": "https://b.example/"}},
        "downstream_hooks": [],
        "version": "v1.0",
        "release": "demo/app-v1.0",
        "username": "ada",
    }
    assert place.told() == {EVENTS: payload, "https://b.example/": payload}


def test_slack_is_told_in_its_own_manner(place: Place) -> None:
    settings = {"url": "https://s.example/", "username": "bot", "icon_emoji": ":x:", "secret": "s"}
    place.hook(("demo", ""), {"slack": settings})
    place.upload()
    said = {"text": "ada uploaded demo/app-v1.0", "username": "bot", "icon_emoji": ":x:"}
    assert place.told() == {"https://s.example/": said}


def test_a_hook_without_an_address_is_not_called(place: Place) -> None:
    place.hook(("demo", ""), {"events": {}})
    place.upload()
    assert place.told() == {}
    assert place.inventory.outbox.kept == {}


def test_a_call_is_signed_with_the_hooks_secret_which_nobody_sees(place: Place) -> None:
    place.hook(("demo", ""), {"events": {"url": EVENTS, "secret": "whsec_c2VjcmV0"}})
    place.upload()
    place.house.work_off()

    _, headers, body = place.house.outside.posted[0]
    signed = Signed(id=headers["webhook-id"], at=int(headers["webhook-timestamp"]), body=body)
    assert headers["webhook-signature"] == signature("whsec_c2VjcmV0", signed)
    assert signed.at == int(NOON.timestamp())
    assert headers["idempotency-key"] == headers["webhook-id"]
    assert get_hooks(place.ports, ("demo", "")) == {"events": {"url": EVENTS}}
    assert b"secret" not in body


SLACK = "https://hooks.slack.com/services/T00/B00/xyz"
SEEN = {"url": "https://hooks.slack.com/services/***", "username": "bot"}


def test_the_secret_of_an_address_is_shown_to_nobody(place: Place) -> None:
    place.hook(("demo", ""), {"slack": {"url": SLACK, "username": "bot"}, "events": {"url": f"{EVENTS}?token=abc"}})
    place.upload()
    told = place.told()
    assert told[SLACK] == {"text": "ada uploaded demo/app-v1.0", "username": "bot"}
    hooks = {"slack": SEEN, "events": {"url": f"{EVENTS}?token=***"}}
    assert told[f"{EVENTS}?token=abc"]["project_hooks"] == hooks
    assert get_hooks(place.ports, ("demo", "")) == hooks
    assert "xyz" not in str(place.inventory.hooks(("demo", "")))


@pytest.mark.parametrize("again", [SLACK, SEEN["url"]])
def test_an_address_that_is_sent_back_as_shown_or_whole_is_kept_with_its_signing_secret(
    place: Place, again: str
) -> None:
    place.hook(("demo", ""), {"slack": {"url": SLACK, "secret": "s"}})
    place.hook(("demo", ""), {"slack": {"url": again, "username": "bot"}})
    assert kept(place) == [SLACK, "s"]
    place.upload()
    assert set(place.told()) == {SLACK}
    assert "webhook-signature" in place.house.outside.posted[0][1]


def test_an_address_that_is_not_kept_cannot_be_said_as_shown(place: Place) -> None:
    place.hook(("demo", ""), {"slack": {"url": SLACK, "secret": "s"}})
    with pytest.raises(Invalid):
        place.hook(("demo", ""), {"slack": {"url": "https://evil.example/***"}})
    assert kept(place) == [SLACK, "s"]


def test_another_address_takes_the_place_of_the_one_that_was_kept(place: Place) -> None:
    place.hook(("demo", ""), {"slack": {"url": SLACK, "secret": "s"}})
    place.hook(("demo", ""), {"slack": {"url": SLACK + "2"}})
    assert kept(place) == [SLACK + "2"]
    place.hook(("demo", ""), {"slack": {"url": "https://s.example/"}})
    assert kept(place) == []


def test_an_address_from_before_is_hidden_and_kept_when_it_is_sent_back(place: Place) -> None:
    place.inventory.update_hooks(("demo", ""), {"slack": {"url": SLACK}}, an_entry())
    assert get_hooks(place.ports, ("demo", "")) == {"slack": {"url": SEEN["url"]}}
    place.hook(("demo", ""), {"slack": SEEN})
    assert kept(place) == [SLACK]
    place.upload()
    assert set(place.told()) == {SLACK}


def kept(place: Place) -> list[str]:
    secrets = place.ports.secrets
    assert isinstance(secrets, FakeSecrets)
    return sorted(secrets.kept.values())


def test_applications_that_need_it_hear_of_it_too(place: Place) -> None:
    place.release("demo", "shop", "web", "demo/app-v0.9")
    place.hook(("demo", "shop"), {"build": {"url": "https://shop.example/"}})
    place.upload()
    hooks = {"build": {"url": "https://shop.example/"}}
    assert place.told()["https://shop.example/"]["downstream_hooks"] == [hooks]


def test_of_another_project_only_those_hear_who_may_read_and_nobodys_addresses(place: Place) -> None:
    place.release("far", "shop", "other", "demo/app-v0.9")
    place.hook(("far", "shop"), {"events": {"url": "https://far.example/"}})
    place.hook(("demo", ""), {"events": {"url": EVENTS}})
    place.upload()
    assert set(place.told()) == {EVENTS}

    public = Place()
    public.inventory.kept["demo"] = Namespace(name="demo", project="web", is_public=True)
    public.release("far", "shop", "other", "demo/app-v0.9")
    public.hook(("far", "shop"), {"events": {"url": "https://far.example/"}})
    public.hook(("demo", ""), {"events": {"url": EVENTS}})
    public.upload()

    told = public.told()
    assert told["https://far.example/"]["project_hooks"] == {}
    assert told[EVENTS]["downstream_hooks"] == []


def test_a_call_that_failed_is_made_again_later_and_later_under_one_id(place: Place) -> None:
    place.hook(("demo", ""), {"events": {"url": EVENTS}})
    place.house.outside.answers = [DOWN, Called(status=0, text="no route"), Called(status=429)]
    place.upload()
    place.house.work_off()

    counts = []
    for seconds in (4, 1, 9, 1, 19, 1, 600):
        place.house.pass_time(seconds)
        counts.append(len(place.house.outside.posted))

    assert counts == [1, 2, 2, 3, 3, 4, 4]
    assert len({headers["webhook-id"] for _, headers, _ in place.house.outside.posted}) == 1
    assert place.inventory.outbox.kept == {}


def test_after_a_quarter_of_an_hour_it_is_given_up_and_written_down(place: Place) -> None:
    place.hook(("demo", ""), {"events": {"url": EVENTS}})
    place.house.outside.answers = [DOWN] * 100
    place.upload()
    place.house.work_off()

    for _ in range(95):
        place.house.pass_time(10)

    assert 8 <= len(place.house.outside.posted) <= 12
    assert place.inventory.outbox.kept == {}
    entry = next(one for one in place.house.audits.kept.values() if one.act == "hook-given-up")
    assert (entry.subject, entry.project, entry.notes) == ("demo events", "web", "answered 503")


@pytest.mark.parametrize(("status", "calls"), [(410, 1), (404, 2), (302, 2), (204, 1)])
def test_only_who_says_to_be_gone_is_not_tried_again(place: Place, status: int, calls: int) -> None:
    place.hook(("demo", ""), {"events": {"url": EVENTS}})
    place.house.outside.answers = [Called(status=status)]
    place.upload()
    place.house.work_off()
    place.house.pass_time(60)
    assert len(place.house.outside.posted) == calls


def test_a_hook_that_was_mended_meanwhile_is_called_where_it_is_now(place: Place) -> None:
    place.hook(("demo", ""), {"events": {"url": EVENTS}})
    place.house.outside.answers = [DOWN]
    place.upload()
    place.house.work_off()
    place.hook(("demo", ""), {"events": {"url": "https://mended.example/"}})
    place.house.pass_time(10)
    assert [url for url, _, _ in place.house.outside.posted] == [EVENTS, "https://mended.example/"]


def test_a_hook_that_was_removed_meanwhile_is_not_called(place: Place) -> None:
    place.hook(("demo", ""), {"events": {"url": EVENTS}})
    place.upload()
    place.hook(("demo", ""), {})
    assert place.told() == {}
    assert place.inventory.outbox.kept == {}


def test_a_namespace_that_is_gone_tells_nobody(place: Place) -> None:
    place.hook(("demo", ""), {"events": {"url": EVENTS}})
    place.upload()
    place.inventory.remove_namespace("demo")
    assert place.told() == {}


def test_a_delivery_waits_for_the_turn_of_its_project(place: Place) -> None:
    place.hook(("demo", ""), {"events": {"url": EVENTS}})
    place.upload()
    assert [sent.turn for sent in place.house.queue.sent if sent.queue == "effects"] == ["web"]
    (notice,) = place.house.queue.messages("effects")
    place.house.queue.sent.clear()
    place.house.deliver(notice)
    assert [sent.turn for sent in place.house.queue.sent if sent.queue == "effects"] == ["web demo/ events"]


def test_a_queue_that_is_away_fails_no_upload_and_loses_no_call(place: Place) -> None:
    place.hook(("demo", ""), {"events": {"url": EVENTS}})

    class Away(type(place.house.queue)):  # type: ignore[misc]  # the fake's own class
        def schedule_delivery(self, *_: object) -> None:
            raise Unavailable("away")

    place.ports = replace(place.ports, queue=Away(place.house.world))
    place.upload()
    assert place.told() == {}

    place.house.pass_time(1)

    assert set(place.told()) == {EVENTS}


def test_what_somebody_is_at_is_left_to_them_until_they_are_taken_for_dead(place: Place) -> None:
    place.hook(("demo", ""), {"events": {"url": EVENTS}})
    place.upload()
    notice = next(iter(place.inventory.outbox.kept.values()))
    place.inventory.outbox.save(replace(notice, due_at=NOON.replace(minute=5)))
    assert place.told() == {}
    place.house.pass_time(301)
    assert set(place.told()) == {EVENTS}


def test_what_breaks_whoever_is_at_it_is_given_up_too(place: Place) -> None:
    place.upload()
    notice = next(iter(place.inventory.outbox.kept.values()))
    place.inventory.outbox.save(replace(notice, attempts=OF_HOOKS.attempts))
    place.house.work_off()
    assert place.inventory.outbox.kept == {}
    entry = next(one for one in place.house.audits.kept.values() if one.act == "hook-given-up")
    assert (entry.subject, entry.project, entry.notes) == ("demo/app-v1.0", "web", "broke off again and again")


def test_a_payload_names_no_more_than_fits_and_all_are_called(place: Place) -> None:
    for number in range(8):
        place.release("demo", f"shop{number}", "web", "demo/app-v0.9")
        place.hook(("demo", f"shop{number}"), {"build": {"url": f"https://shop{number}.example/{'x' * 19_000}"}})
    place.upload()

    told = list(place.told().values())

    assert len(told) == 8
    assert {len(one["downstream_hooks"]) for one in told} == {5}
