"""What people do by the console that no other row does."""

from dataclasses import replace

from chalicelib.dialects.console.access.secrets_shown import (
    Invite,
    MakeAccount,
    MakeToken,
    Revoke,
    invite,
    make_account,
    make_token,
    revoke,
)
from chalicelib.dialects.console.find.page import ActOnFound, Search, act_on_found, search_page
from chalicelib.dialects.console.frame.decide import DecideByForm, decide_by_form
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.home.page import Home, home_page
from chalicelib.dialects.console.inbox.page import DecideInInbox, Inbox, decide_in_inbox, inbox_page
from chalicelib.dialects.console.login.enter import Enter, enter
from chalicelib.dialects.console.projects.page import ProjectQuery, project_page
from chalicelib.dialects.console.release.page import ReleaseQuery, Tab, release_page
from chalicelib.dialects.console.releases.page import ApplicationQuery, application_page
from chalicelib.dialects.console.runs.page import RunQuery, run_page
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import ActKind
from chalicelib.use_cases.credentials.invitations import InviteUser
from chalicelib.use_cases.credentials.tokens import IssueToken, RevokeToken
from chalicelib.use_cases.overview.find_runs import FindRuns
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.releases.releases import ReleaseByQuery
from chalicelib.use_cases.runs.decide import DecideRun
from tests.builders import NOON
from tests.crash.catalog import a_project
from tests.crash.house import CrashHouse
from tests.crash.stories.access import HAS_TOKEN, KNOWN, LOGIN, MACHINE, NAMELESS
from tests.crash.stories.changes import PLACES, deployed_twice, placed
from tests.crash.stories.runs import (
    MANY,
    TWO_GATED,
    all_decided,
    cell_lost,
    found_whole,
    matrix_whole,
    unlisted,
    waiting_whole,
)
from tests.crash.stories.story import DONE, GONE, ROOT, Story, an_origin, asking, both

ENTER = Enter(login=replace(LOGIN, seed="c0de" * 16), place="home", is_local=True)
FRAME = Frame(target="/home")
APPLICATION = ApplicationQuery(frame=FRAME, now=NOON, by=ROOT, places=PLACES)
RELEASE = ReleaseQuery(
    frame=FRAME, by=ROOT, of=ReleaseByQuery(namespace="demo", application="app", query="1.1"), tab=Tab.DEPLOYED
)
PROJECT = ProjectQuery(frame=FRAME, by=ROOT, now=NOON, project="web")
BY_FORMS = tuple(DecideByForm(decision=one, now=NOON, is_by_session=False) for one in MANY.decisions)
CANCELLING = tuple(
    DecideByForm(decision=DecideRun(run=run, kind=ActKind.CANCELLED, by=ROOT), now=NOON, is_by_session=False)
    for run in ("run1", "run2")
)
RUN = RunQuery(frame=FRAME, by=ROOT, run="run1", now=NOON)
INBOX = Inbox(frame=FRAME, by=ROOT, now=NOON)
SEARCH = Search(frame=FRAME, now=NOON, sought=FindRuns(by=ROOT, project="web"), given=())
TOKEN = MakeToken(frame=FRAME, command=IssueToken(origin=an_origin(), label="mine"), back="/access")
ACCOUNT = MakeAccount(frame=FRAME, command=MACHINE, back="/access")
INVITATION = Invite(frame=FRAME, command=InviteUser(origin=an_origin(), name="ada"), back="/access")
OF_OLD = both(both(a_project, TWO_GATED), unlisted)


def revoke_by_form(_house: CrashHouse, ports: Ports) -> None:
    """The token that there is, is revoked."""
    owned = ports.access.tokens_of("admin:root", Page())
    revoke(ports, Revoke(command=RevokeToken(origin=an_origin(), id=owned[0].id if owned else "gone"), back="access"))


def all_cancelled(_house: CrashHouse, ports: Ports) -> None:
    """Both runs have ended without their steps."""
    assert all(ports.runs.run(run).phase is Phase.CANCELLED for run in ("run1", "run2"))


STORIES = {
    "enter the console": Story(refusals=DONE, before=KNOWN, act=asking(enter, ENTER), of=(enter,)),
    "make a token by a form": Story(refusals=DONE, act=asking(make_token, TOKEN), of=(make_token,)),
    "invite a person by a form": Story(refusals=DONE, before=NAMELESS, act=asking(invite, INVITATION), of=(invite,)),
    "let a machine in by a form": Story(
        refusals=DONE, before=a_project, act=asking(make_account, ACCOUNT), of=(make_account,)
    ),
    "revoke a token by a form": Story(refusals=GONE, before=HAS_TOKEN, act=revoke_by_form, of=(revoke,)),
    "come home to runs of an earlier version": Story(
        before=OF_OLD, act=asking(home_page, Home(frame=FRAME, by=ROOT, now=NOON)), of=(home_page,), then=found_whole
    ),
    "look at the releases of an application": Story(
        before=deployed_twice, act=asking(application_page, APPLICATION), of=(application_page,), then=placed
    ),
    "look at a release and where it is": Story(
        before=deployed_twice, act=asking(release_page, RELEASE), of=(release_page,), then=placed
    ),
    "look at a project with runs of an earlier version": Story(
        before=OF_OLD, act=asking(project_page, PROJECT), of=(project_page,), then=found_whole
    ),
    "look at a run that waits, before deployments of an earlier version": Story(
        before=both(cell_lost, TWO_GATED), act=asking(run_page, RUN), of=(run_page,), then=matrix_whole
    ),
    "see what waits in runs of an earlier version": Story(
        before=OF_OLD, act=asking(inbox_page, INBOX), of=(inbox_page,), then=waiting_whole
    ),
    "decide by a form of a run's page": Story(
        refusals=DONE, before=both(a_project, TWO_GATED), act=asking(decide_by_form, BY_FORMS[0]), of=(decide_by_form,)
    ),
    "decide about many in the inbox": Story(
        before=both(a_project, TWO_GATED),
        act=asking(decide_in_inbox, DecideInInbox(asked=INBOX, decisions=BY_FORMS)),
        of=(decide_in_inbox,),
        then=all_decided,
    ),
    "cancel all that is chosen in the list of runs": Story(
        before=both(a_project, TWO_GATED),
        act=asking(act_on_found, ActOnFound(search=SEARCH, decisions=CANCELLING)),
        of=(act_on_found,),
        then=all_cancelled,
    ),
    "look for runs of an earlier version": Story(
        before=OF_OLD, act=asking(search_page, SEARCH), of=(search_page,), then=found_whole
    ),
}
