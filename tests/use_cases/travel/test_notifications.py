"""Notification steps send mail to the members of their roles, once for each step."""

from dataclasses import replace

import pytest

from chalicelib.kernel.engine.phase import Phase
from chalicelib.use_cases.access.groups import UpdateGroup, update_group
from chalicelib.use_cases.access.users import CreateUser, UserSettings, create_user
from chalicelib.use_cases.ports.clock import Called
from tests.fakes.access import FakeAccess
from tests.kernel.definitions.gated.given import a_stage, a_step
from tests.use_cases.catalog_ports import ROOT, an_origin
from tests.use_cases.travel.gated_line import GatedLine

MAIL = a_step("NOTIFICATION", "mail", roleName="testers", subject="It is there", message="Look at it.")


class Post(GatedLine):
    """The house, with people who have mail addresses."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.ports = replace(self.ports, access=FakeAccess(self.audits))
        update_group(self.ports, UpdateGroup(origin=an_origin(ROOT), name="qa", roles=()))
        for name, groups in (("ada", ()), ("quin", ("qa",)), ("otto", ())):
            standing = UserSettings(mail=f"{name}@example.com", groups=groups)
            create_user(self.ports, CreateUser(origin=an_origin(ROOT), name=name, standing=standing))


@pytest.fixture
def post() -> Post:
    return Post()


def test_the_members_of_the_role_get_a_mail(post: Post) -> None:
    snapshot = post.travel(a_stage(MAIL, environment=post.dev))
    assert post.nodes(snapshot) == {"mail": Phase.SUCCEEDED}
    (letter,) = post.mail.sent.values()
    assert sorted(letter.to) == ["ada@example.com", "qa@example.com", "quin@example.com"]
    assert letter.subject == "It is there"
    assert letter.text.startswith("Look at it.")


def test_a_mail_that_is_refused_fails_its_step(post: Post) -> None:
    post.mail.answers = [Called(status=400, text="refused")]
    snapshot = post.travel(a_stage(MAIL, environment=post.dev))
    assert post.nodes(snapshot) == {"mail": Phase.FAILED}


def test_where_mail_is_not_set_up_the_step_goes_on(post: Post) -> None:
    post.mail.set_up = False
    snapshot = post.travel(a_stage(MAIL, environment=post.dev))
    assert post.nodes(snapshot) == {"mail": Phase.SUCCEEDED}
    assert not post.mail.sent


def test_a_step_that_says_so_is_told_to_every_role(post: Post) -> None:
    post.travel(a_stage(a_step("WAIT", "pause", waitUntilDate=1, notifyPipelineRoles=True), environment=post.dev))
    (letter,) = post.mail.sent.values()
    assert letter.subject == "pause has ended"
