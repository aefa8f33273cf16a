"""The ways to change what the installation has by id and title."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.explanation.runner import Runner
from chalicelib.kernel.installation.entries import Application
from chalicelib.kernel.plans.freezes import Freeze, Freezes, Interval
from chalicelib.kernel.subscriptions.subscription import Subscription, Subscriptions
from tests.builders import NOON, an_entry, later
from tests.store.audit.deeds import Kept, Way

SHOP = Application(id=10_001, title="Shop", project="shop", name="shop", created_by="ann", created_at=NOON)
MADE = replace(SHOP, version=1)


def an_application(kept: Kept) -> None:
    """There was an application."""
    kept.installation.create(SHOP, an_entry())


def all_applications(kept: Kept) -> object:
    """All applications."""
    return kept.installation.every(Application)


SUBSCRIBED = Subscriptions(
    all=(Subscription(id="w1", project="web", url="https://x.example.org", secret="s1", by="ada", at=NOON),)
)
FROZEN = Freezes(
    all=(Freeze(id="f1", during=Interval(begins=NOON, ends=later(60)), reason="audit", by="ann", at=NOON),)
)


RUNNER = Runner(pool="gpu", name="r1", seen_at=NOON, slots=2, busy=0)

WAYS: Mapping[str, Way] = {
    "create an entry": Way(act=lambda kept, entry: kept.installation.create(SHOP, entry), seen=all_applications),
    "save an entry": Way(
        before=an_application,
        act=lambda kept, entry: kept.installation.save(replace(SHOP, title="Store"), MADE, entry),
        seen=all_applications,
    ),
    "save the webhooks": Way(
        act=lambda kept, entry: kept.subscriptions.save(SUBSCRIBED, entry),
        seen=lambda kept: kept.subscriptions.current(),
    ),
    "drain a runner": Way(
        before=lambda kept: kept.runners.note(RUNNER),
        act=lambda kept, entry: kept.runners.drain(replace(RUNNER, drained_by="ann"), entry),
        seen=lambda kept: kept.runners.every(),
        is_refused=False,
    ),
    "save the freezes": Way(
        act=lambda kept, entry: kept.freezes.save(FROZEN, entry), seen=lambda kept: kept.freezes.current()
    ),
    "remove an entry": Way(
        before=an_application,
        act=lambda kept, entry: kept.installation.remove(MADE, entry),
        seen=all_applications,
        is_refused=False,
    ),
}
