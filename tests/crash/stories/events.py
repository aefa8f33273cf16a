"""Webhooks that are called for events."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from chalicelib.functions import effects
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.projects.deployment import Change, DeploymentState
from chalicelib.kernel.subscriptions.subscription import Subscription
from chalicelib.use_cases.enqueue_due import sweep_from
from chalicelib.use_cases.insights.count import count_deployments
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.projects.record_deployment import deployment_or_new
from chalicelib.use_cases.runs.advance import start_run
from chalicelib.use_cases.subscriptions.deliveries import Redeliver, redeliver
from chalicelib.use_cases.subscriptions.dispatch import dispatch_events
from chalicelib.use_cases.subscriptions.outgoing_webhooks import (
    CreateWebhook,
    WebhookCommand,
    create_webhook,
    list_webhooks,
    remove_webhook,
    resume_webhook,
)
from tests.builders import NOON, ORIGIN, a_plan
from tests.crash.catalog import GIVEN, a_project, environments
from tests.crash.house import CrashHouse
from tests.crash.plans import events, outward
from tests.crash.stories.story import Act, Before, Story, an_origin, asking, both

ASKED = an_origin()
WEBHOOK = CreateWebhook(
    origin=GIVEN, url="https://hooks.example.org/in?token=abcdefghijklmnop", project="web", kinds=("run.began",)
)
SUBSCRIBED: Before = both(a_project, asking(create_webhook, WEBHOOK))


def began(_: CrashHouse, ports: Ports) -> None:
    """A run has begun, and whoever is to tell of it has not yet been heard."""
    start_run(ports, a_plan(), origin=ORIGIN)


OCCURRED: Before = both(SUBSCRIBED, began)


def dispatched(_: CrashHouse, ports: Ports) -> None:
    """The sweep has sent what occurred. Sealing, which it does beside, has a story of its own."""
    dispatch_events(ports, ports.clock.now() + timedelta(seconds=1))


def deployed(house: CrashHouse, ports: Ports) -> None:
    """Two attempts to deploy, of which one went well."""
    environments(house, ports)
    for name, went_well in (("one", False), ("two", True)):
        before = deployment_or_new(ports, "web", "staging", "app")
        change = Change(id=name, at=NOON, by="ada", action=JobKind.DEPLOY, went_well=went_well, release="demo/app-v1")
        ports.deployments.commit(before, replace(change, state=DeploymentState(name="app", release="demo/app")), None)


def counted(_: CrashHouse, ports: Ports) -> None:
    """The sweep has counted what was deployed."""
    count_deployments(ports, sweep_from(ports.clock.now(), timedelta(0)))


def the_webhook(ports: Ports) -> Subscription:
    """The only one."""
    return list_webhooks(ports, "web")[0]


def paused(_: CrashHouse, ports: Ports) -> None:
    """It has failed for long."""
    known = ports.subscriptions.current()
    ports.subscriptions.save(known.having(replace(the_webhook(ports), paused="it failed")), None)


def sent(house: CrashHouse, ports: Ports) -> None:
    """An event is on its way to the webhook."""
    OCCURRED(house, ports)
    events(house, ports)


def noted(house: CrashHouse, ports: Ports) -> None:
    """Its id is known to whoever asks."""
    house.notes["webhook"] = the_webhook(ports).id


def failing(house: CrashHouse, ports: Ports) -> None:
    """It is called, and its address answers that it has gone."""
    house.outside.answers = [Called(status=410)] * 9
    outward(house, ports)


def commanding(verb: Callable[[Ports, WebhookCommand], object]) -> Act:
    """A request about the webhook."""

    def act(house: CrashHouse, ports: Ports) -> object:
        return verb(ports, WebhookCommand(origin=ASKED, id=house.notes["webhook"], project="web"))

    return act


def again(house: CrashHouse, ports: Ports) -> object:
    """The event is to be sent again."""
    (delivery,) = ports.subscriptions.deliveries(house.notes["webhook"], Page())
    return redeliver(ports, Redeliver(origin=ASKED, id=delivery.subscription, event=delivery.event, project="web"))


STORIES: Mapping[str, Story] = {
    "create a webhook": Story(
        before=a_project, act=asking(create_webhook, replace(WEBHOOK, origin=ASKED)), of=(create_webhook,)
    ),
    "remove a webhook": Story(before=both(SUBSCRIBED, noted), act=commanding(remove_webhook), of=(remove_webhook,)),
    "resume a webhook": Story(
        before=both(both(SUBSCRIBED, noted), paused), act=commanding(resume_webhook), of=(resume_webhook,)
    ),
    "send an event to a webhook": Story(before=OCCURRED, act=dispatched, of=()),
    "send an event to a webhook at once": Story(before=OCCURRED, act=events, of=()),
    "tell of what occurs to who is called": Story(before=SUBSCRIBED, act=began, of=()),
    "call a webhook for an event": Story(before=sent, act=outward, of=(effects.handle,)),
    "pause a webhook whose address is gone": Story(before=sent, act=failing, of=(effects.handle,)),
    "count deployments": Story(before=deployed, act=counted, of=()),
    "send an event again": Story(before=both(both(sent, outward), noted), act=again, of=(redeliver,)),
}
