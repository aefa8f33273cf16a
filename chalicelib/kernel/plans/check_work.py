"""Validates the work of single nodes, one rule for each kind. Paths use the plan's field names."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import assert_never
from urllib.parse import urlsplit

from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans import quartz
from chalicelib.kernel.plans.work import (
    Approval,
    CallWebhook,
    DefinitionKind,
    ExternalApproval,
    Group,
    Impossible,
    Job,
    JobKind,
    ManualTask,
    Noop,
    Notify,
    Qualifier,
    RunDefinition,
    Schedule,
    TagRelease,
    TestResults,
    VersionRule,
    Wait,
    Window,
    Windows,
    Work,
)
from slipway_formats import version as versions
from slipway_formats.defect import Defect

LONGEST_WAIT = timedelta(days=366)
LONGEST_URL = 2000
LONGEST_SUBJECT = 300
LONGEST_MESSAGE = 20_000
LONGEST_SCRIPT = 100_000
MOST_RECIPIENTS = 100


def work_defects(work: Work, stages: frozenset[str], at: datetime) -> Iterator[Defect]:
    """All defects of a node's work. stages: keys it may refer to. at: when the plan was requested."""
    match work:
        case Approval():
            yield from _expiry(work)
        case ExternalApproval():
            for one in work.tickets:
                yield from _required(system=one.system, ticket=one.id)
        case TestResults():
            yield from _test(work, stages)
        case Schedule() | Windows() | Wait():
            yield from _opening(work, at)
        case Job():
            yield from _job(work)
        case RunDefinition():
            yield from _definition(work)
        case CallWebhook():
            yield from _webhook(work)
        case TagRelease():
            yield from _tag(work)
        case Notify():
            yield from _notify(work)
        case ManualTask() | Group() | Impossible() | Noop():
            pass
        case _:
            assert_never(work)


def _required(**fields: str) -> Iterator[Defect]:
    yield from (Defect(name, "is required") for name, text in fields.items() if not text.strip())


def _expiry(work: Approval) -> Iterator[Defect]:
    if work.expires_after is not None and not timedelta(0) < work.expires_after <= LONGEST_WAIT:
        yield Defect("expires_after", f"should be over 0 and at most {LONGEST_WAIT.days} days")


def _test(work: TestResults, stages: frozenset[str]) -> Iterator[Defect]:
    if work.stage not in stages:
        yield Defect("phase", "should name this phase or an earlier one")
    most = 100 if work.qualifier is Qualifier.PERCENT_PASSED_AT_LEAST else float("inf")
    if not 0 <= work.value <= most:
        yield Defect("value", "should be from 0 to 100" if most == 100 else "should be 0 or more")


def _opening(work: Schedule | Windows | Wait, at: datetime) -> Iterator[Defect]:
    match work:
        case Schedule():
            yield from _schedule(work, at)
        case Windows():
            yield from _windows(work, at)
        case Wait():
            yield from _wait(work)


def _schedule(work: Schedule, at: datetime) -> Iterator[Defect]:
    schedule = zone = None
    try:
        schedule = quartz.parse(work.cron)
    except Invalid as fault:
        yield from (defect.under("cron") for defect in fault.defects)
    try:
        zone = quartz.zone_named(work.timezone)
    except Invalid as fault:
        yield from (defect.under("timezone") for defect in fault.defects)
    if schedule is not None and zone is not None and quartz.next_after(schedule, at, zone) is None:
        yield Defect("cron", "never fires again")


def _windows(work: Windows, at: datetime) -> Iterator[Defect]:
    if not work.any_of:
        yield Defect("windows", "name at least one")
    for place, window in enumerate(work.any_of):
        for defect in window_defects(window, at):
            yield defect if defect.path == "timezone" else defect.under(f"windows[{place}]")


def window_defects(window: Window, at: datetime) -> Iterator[Defect]:
    """All defects of a window's crons and its zone. at: after which each must fire."""
    for name, cron in (("opens", window.opens), ("closes", window.closes)):
        for defect in _schedule(Schedule(cron=cron, timezone=window.timezone), at):
            path = defect.path.removeprefix("cron")
            yield Defect(path if path == "timezone" else f"{name}{path}", defect.message)


def _wait(work: Wait) -> Iterator[Defect]:
    if (work.duration is None) == (work.until is None):
        yield Defect("seconds", "exactly one of seconds and until is needed")
    if work.duration is not None and not timedelta(0) < work.duration <= LONGEST_WAIT:
        yield Defect("seconds", f"should be over 0 and at most {LONGEST_WAIT.days} days")


def _job(work: Job) -> Iterator[Defect]:
    yield from _required(pool=work.pool)
    if work.kind is JobKind.SCRIPT:
        script = str(work.ask.get("script", ""))
        yield from _required(script=script)
        yield from _at_most(LONGEST_SCRIPT, script=script)


def _definition(work: RunDefinition) -> Iterator[Defect]:
    yield from _required(definition=work.name, project=work.project)
    if work.kind in (DefinitionKind.BUILD, DefinitionKind.DEPLOYMENT_JOB):
        yield from _required(environment=work.environment)
    if work.action is JobKind.ERRAND:
        yield from _required(errand_name=work.errand)
    if work.version is VersionRule.FROM_DEPLOYMENT:
        yield from _required(update_version_deployment=work.of_deployment)
    if work.version is VersionRule.TAGGED:
        yield from _required(tag_tagged_version=work.tag)


def _webhook(work: CallWebhook) -> Iterator[Defect]:
    try:
        parts = urlsplit(work.url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or len(work.url) > LONGEST_URL or any(letter.isspace() for letter in work.url):
        yield Defect("webhook_url", f"should be an http or https address of at most {LONGEST_URL} characters")


def _tag(work: TagRelease) -> Iterator[Defect]:
    yield from versions.tag_defects(work.tag)
    yield from _required(namespace=work.namespace, application=work.application)
    if work.version is VersionRule.TAGGED:
        yield from _required(tag_tagged_version=work.tagged)


def _notify(work: Notify) -> Iterator[Defect]:
    yield from _required(subject=work.subject)
    yield from _at_most(LONGEST_SUBJECT, subject=work.subject)
    yield from _at_most(LONGEST_MESSAGE, message=work.message)
    if len(work.to) > MOST_RECIPIENTS:
        yield Defect("to", f"has more than {MOST_RECIPIENTS} entries")


def _at_most(length: int, **fields: str) -> Iterator[Defect]:
    yield from (Defect(name, f"is over {length} characters") for name, text in fields.items() if len(text) > length)
