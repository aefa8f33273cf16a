"""What the world tells us: pushes to repositories, right and wrong."""

from contextlib import suppress
from dataclasses import replace

from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.definitions.builds import SaveBuild, create_build
from chalicelib.use_cases.definitions.pipelines import SavePipeline, WantedTrigger, create_pipeline
from chalicelib.use_cases.incoming_webhooks.hear_webhook import hear_build_webhook, hear_pipeline_webhook
from chalicelib.use_cases.incoming_webhooks.pushes import HearWebhook, Push, Pushes
from chalicelib.use_cases.incoming_webhooks.signing_secrets import (
    WebhookNamed,
    read_webhook_secret,
    rotate_webhook_secret,
)
from chalicelib.use_cases.ports.bundle import Ports
from tests.crash.catalog import BUILD, GIVEN, NOOP_STEP, a_phase, environments
from tests.crash.house import CrashHouse
from tests.crash.stories.story import Story, an_origin

PUSH = Push(branch="main", commit="c0ffee0", author="ada", message="Do it")
HEARD = HearWebhook(
    origin=an_origin(),
    project="web",
    environment="staging",
    code="wrong",
    proofs=(),
    contents=(b"",),
    pushes=Pushes(branches=(PUSH,)),
)


def hearing_build(house: CrashHouse, ports: Ports) -> None:
    """A build that hears of pushes."""
    environments(house, ports)
    ask = SaveBuild(origin=GIVEN, project="web", environment="staging", name="app", settings=BUILD)
    house.notes["code"] = create_build(ports, ask).webhook_token


def hearing_pipeline(house: CrashHouse, ports: Ports) -> None:
    """A pipeline that hears of pushes."""
    environments(house, ports)
    ask = SavePipeline(
        origin=GIVEN, project="web", name="release", settings=a_phase(NOOP_STEP), triggers=(WantedTrigger(),)
    )
    made = create_pipeline(ports, ask)
    house.notes["code"] = made.triggers[0].token
    house.notes["trigger"] = made.triggers[0].id


def push_to_build(house: CrashHouse, ports: Ports) -> object:
    """A push is told to the build."""
    return hear_build_webhook(ports, replace(HEARD, code=house.notes["code"]))


def delivery_to_build(house: CrashHouse, ports: Ports) -> object:
    """A push is told to the build, by a host that numbers what it delivers, and tells it again if nobody answers."""
    numbered = replace(HEARD, code=house.notes["code"], pushes=replace(HEARD.pushes, delivery="d1"))
    return hear_build_webhook(ports, numbered)


def push_to_pipeline(house: CrashHouse, ports: Ports) -> object:
    """A push is told to the pipeline."""
    return hear_pipeline_webhook(ports, replace(HEARD, environment="", code=house.notes["code"]))


def named(house: CrashHouse, *, is_build: bool) -> WebhookNamed:
    """The webhook of the build or the pipeline."""
    if is_build:
        return WebhookNamed(origin=an_origin(), project="web", environment="staging", name="app")
    return WebhookNamed(origin=an_origin(), project="web", name="release", trigger=house.notes["trigger"])


def with_secret(house: CrashHouse, ports: Ports) -> None:
    """A build whose webhook has a secret that somebody else made."""
    hearing_build(house, ports)
    given = WebhookNamed(origin=GIVEN, project="web", environment="staging", name="app")
    rotate_webhook_secret(ports, given)


def rotate_of_build(house: CrashHouse, ports: Ports) -> None:
    """An owner makes a new secret."""
    rotate_webhook_secret(ports, named(house, is_build=True))


def rotate_of_pipeline(house: CrashHouse, ports: Ports) -> None:
    """An owner makes a secret."""
    rotate_webhook_secret(ports, named(house, is_build=False))


def read_of_build(house: CrashHouse, ports: Ports) -> None:
    """An owner looks at the secret."""
    read_webhook_secret(ports, named(house, is_build=True))


def guess(_house: CrashHouse, ports: Ports) -> None:
    """Somebody who knows no code is told that there is nothing."""
    with suppress(NotFound):
        hear_build_webhook(ports, HEARD)


STORIES = {
    "push to a build": Story(before=hearing_build, act=push_to_build, of=(hear_build_webhook,)),
    "delivery to a build": Story(before=hearing_build, act=delivery_to_build, of=(hear_build_webhook,)),
    "push to a pipeline": Story(before=hearing_pipeline, act=push_to_pipeline, of=(hear_pipeline_webhook,)),
    "rotate a build's webhook secret": Story(before=with_secret, act=rotate_of_build, of=(rotate_webhook_secret,)),
    "make a pipeline's webhook secret": Story(
        before=hearing_pipeline, act=rotate_of_pipeline, of=(rotate_webhook_secret,)
    ),
    "read a webhook secret": Story(before=with_secret, act=read_of_build, of=(read_webhook_secret,)),
    "push with a wrong code": Story(before=hearing_build, act=guess, of=(hear_build_webhook,)),
}
