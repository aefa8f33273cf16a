"""What a notification step says, and to whom: users and groups by the addresses that they have, others as written."""

from collections.abc import Iterator

from chalicelib.kernel.definitions.gated.check import is_address
from chalicelib.kernel.definitions.gated.surroundings import GROUP, USER
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.plans.work import Notify
from chalicelib.use_cases.outgoing_slots import MAIL, slot_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.ports.mail import Letter
from chalicelib.use_cases.ports.runs import Page

PAGE = 500
OK = 200


def notify_by_mail(ports: Ports, plan: Plan, work: Notify, key: str) -> Called:
    """Mail a notification to those who have an address. Where mail is not set up, nothing is sent and that is no fault.

    key: of the effect, so that it is one mail, however often it is sent. Faults: Unavailable.
    """
    if not ports.mail.is_set_up:
        return Called(status=OK)
    addresses = tuple(dict.fromkeys(_addresses(ports, work.to)))
    if not addresses:
        return Called(status=OK)
    text = f"{work.message}\n\n{_footer(ports, plan)}".lstrip()
    with slot_for(ports, MAIL, plan.definition.project):
        return ports.mail.send(Letter(id=key, to=addresses, subject=work.subject, text=text))


def _footer(ports: Ports, plan: Plan) -> str:
    place = f"{plan.definition.project}, pipeline {plan.definition.name}, run {plan.number}"
    return f"-- \nSlipway: {place}\n{ports.settings.public_url}"


def _addresses(ports: Ports, to: tuple[str, ...]) -> Iterator[str]:
    groups = frozenset(one.removeprefix(GROUP) for one in to if one.startswith(GROUP))
    for one in to:
        if one.startswith(USER) or not (one.startswith(GROUP) or is_address(one)):
            user = ports.access.find_user(one.removeprefix(USER))
            if user is not None and user.mail and not user.disabled:
                yield user.mail
        elif not one.startswith(GROUP):
            yield one
    if groups:
        yield from _members(ports, groups)


def _members(ports: Ports, groups: frozenset[str]) -> Iterator[str]:
    after: str | None = None
    while users := ports.access.users(Page(size=PAGE, after=after)):
        yield from (user.mail for user in users if user.mail and not user.disabled and groups & set(user.groups))
        after = users[-1].name
        if len(users) < PAGE:
            return
