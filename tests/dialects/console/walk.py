"""One walk past every row of the console: in, home, through runs and logs, and out."""

from chalicelib.dialects.console.frame.assets import hash_of_files
from tests.dialects.console.given import (
    a_delivery,
    a_failure,
    a_guest_and_a_machine,
    a_project,
    a_release,
    deployments,
    redeployed,
    triggered,
)
from tests.dialects.console.given_releases import INVENTORY, releases_and_jobs
from tests.dialects.console.site import Site
from tests.dialects.inventory.site import FORM as PACKAGE
from tests.dialects.inventory.site import a_form
from tests.dialects.matrix.callers import ADMIN, ANONYMOUS, OWNER, READER, STRANGER
from tests.dialects.matrix.world import PASSWORD, people
from tests.packages import a_package_file

ONCE = "once=view-1"
ROLE = "project%3Aweb%3Aglobal%3Aread"
WINTER = "reason=winter&ends=2100-01-01T00%3A00"
WEEKENDS = "reason=weekends&opens=0+0+18+%3F+*+FRI&closes=0+0+6+%3F+*+MON&timezone=Europe%2FVienna"


def walk(site: Site) -> None:
    """Ask for everything once, in an order that makes sense."""
    site.is_silent = True
    people(site)
    site.is_silent = False
    site.ask("GET", "/home", by=OWNER)
    site.is_silent = True
    a_project(site)
    deployments(site)
    site.things |= {
        "failed": a_failure(site, lines=3),
        "waiting": a_delivery(site),
        "also": triggered(site, "delivery"),
    }
    site.is_silent = False
    entering(site)
    looking(site)
    deciding(site)
    projects(site)
    freezing(site)
    runners(site)
    access(site)
    site.send("/logout", "", by=OWNER)
    site.ask("GET", "/home", by=OWNER)


def entering(site: Site) -> None:
    site.ask("GET", f"/static/{hash_of_files()}/mark.svg", by=ANONYMOUS)
    site.ask("GET", "/static/0/mark.svg", by=ANONYMOUS)
    site.ask("GET", "/login?next=runs/1%3Fview%3Dlist", by=ANONYMOUS)
    site.send("/login?next=home", "name=owner%40example.org&secret=wrong", by=ANONYMOUS)
    known = f"name=owner%40example.org&secret={PASSWORD.replace(' ', '+')}"
    site.send("/login?next=runs/1%3Fview%3Dlist", known, by=ANONYMOUS)
    site.send("/login?next=//evil.example", known, by=ANONYMOUS, Host="127.0.0.1:8000")
    site.send("/looks", "theme=dark&times=utc&next=home", by=ANONYMOUS)
    site.send("/looks", "theme=pink", by=ANONYMOUS)


def looking(site: Site) -> None:
    site.ask("GET", "/home", by=READER, Cookie="slipway-theme=dark; slipway-times=utc")
    site.ask("GET", "/inbox", by=OWNER)
    site.ask("GET", "/inbox", by=READER)
    site.ask("GET", "/runs", by=STRANGER)
    site.ask("GET", "/runs?project=web&status=open&waiting_for=me", by=OWNER)
    site.ask("GET", "/runs?status=cake", by=OWNER)
    waiting = site.ask("GET", "/runs/$waiting", by=OWNER)
    site.things |= {"seen": waiting.text.split('data-known="')[1].split('"')[0]}
    site.ask("GET", "/runs/$waiting?known=$seen", by=OWNER)
    site.ask("GET", "/runs/$waiting", by=READER)
    site.ask("GET", "/runs/$waiting", by=STRANGER)
    site.ask("GET", "/runs/$waiting", by=ANONYMOUS)
    site.ask("GET", "/runs/$waiting?view=list", by=READER)
    site.ask("GET", "/runs/$waiting?view=cake", by=READER)
    failed = site.ask("GET", "/runs/$failed?view=gantt", by=OWNER)
    site.things |= {"log": failed.text.split('id="log-')[2].split('"')[0]}
    site.ask("GET", "/logs/$log", by=READER)
    site.ask("GET", "/logs/$log/chunks?after=1", by=READER)
    site.ask("GET", "/logs/$log/chunks?before=0&count=yes", by=READER)


def deciding(site: Site) -> None:
    site.send("/runs/$waiting/decisions", "decision=approve&node=g1&execution=3", by=READER)
    site.send("/runs/$waiting/decisions", "decision=approve&node=g1&execution=x", by=OWNER)
    site.send("/inbox", "decision=approve", by=OWNER)
    site.send("/inbox", "decision=approve&chosen=cake", by=OWNER)
    also = f"chosen={site.things['also']}/3"
    site.send("/inbox", f"decision=reject&{also}//g1", by=READER)
    site.send("/inbox", f"decision=reject&{also}/0a0b/g1", by=OWNER)
    site.send("/inbox", f"decision=reject&{also}//g1&notes=not+today", by=OWNER)
    site.send("/inbox", f"decision=reject&{also}//g1&notes=again", by=OWNER)
    site.send("/runs/$waiting/decisions", "decision=approve&node=g1&execution=3&notes=seen+it", by=OWNER)
    site.send("/runs/$waiting/decisions", "decision=approve&node=g1&execution=3", by=OWNER)
    site.send("/runs/$failed/acts", "act=retry", by=READER)
    site.send("/runs/$failed/acts", "act=dance", by=OWNER)
    site.send("/runs/$failed/acts", "act=retry", by=OWNER)
    site.send("/runs", "act=cancel", by=OWNER)
    site.send("/runs", "act=bake&chosen=cake", by=OWNER)
    chosen = f"act=cancel&chosen={site.things['failed']}&chosen=nobody&notes=enough"
    site.send("/runs?project=web", chosen, by=READER)
    site.send("/runs?project=web", chosen, by=OWNER)


def freezing(site: Site) -> None:
    site.ask("GET", "/calendar", by=STRANGER)
    site.ask("GET", "/calendar?month=cake", by=OWNER)
    made = site.send("/calendar/freezes", f"{ONCE}&project=web&environment=staging&{WINTER}", by=OWNER)
    again = site.send("/calendar/freezes", f"{ONCE}&project=web&environment=staging&{WINTER}", by=OWNER)
    assert (made.status, again.headers["Idempotency-Replayed"]) == (303, "true")
    site.send("/calendar/freezes", f"project=web&environment=nowhere&{WINTER}", by=OWNER)
    site.send("/calendar/freezes", "project=web&reason=&ends=soon", by=OWNER)
    site.send("/calendar/freezes", "project=web&reason=both&ends=2100-01-01T00:00&opens=0+0+18+*+*+?", by=OWNER)
    site.send("/calendar/freezes", f"project=web&{WEEKENDS}&users=ada%40example.org%2C+&teams=sre", by=OWNER)
    site.send("/calendar/freezes", f"project=&{WINTER}", by=OWNER)
    site.send("/calendar/stops", "project=web&minutes=60&reason=an+alarm", by=OWNER)
    site.send("/calendar/stops", "project=web&minutes=soon&reason=an+alarm", by=OWNER)
    shown = site.ask("GET", "/calendar?project=web", by=OWNER)
    site.ask("GET", "/calendar", by=READER)
    site.things |= {"winter": shown.text.split("/freezes/")[1].split("/lift")[0]}
    site.send("/calendar/freezes/$winter/lift", "project=web", by=READER)
    site.send("/calendar/freezes/$winter/lift", "project=web", by=OWNER)
    site.send("/calendar/resumes", "project=web", by=OWNER)


def runners(site: Site) -> None:
    site.ask("GET", "/runners", by=OWNER)
    site.ask("GET", "/runners?pool=gpu", by=STRANGER)


def projects(site: Site) -> None:
    site.ask("GET", "/projects/web", by=OWNER)
    site.ask("GET", "/projects/web", by=STRANGER)
    site.ask("GET", "/projects/web/diff", by=READER)
    site.ask("GET", "/projects/web/diff?old=staging&new=production&deployment=app", by=READER)
    site.ask("GET", "/projects/web/diff?old=staging&new=nowhere", by=READER)
    site.ask("GET", "/projects/web/pipelines/delivery", by=READER)
    site.ask("GET", "/projects/web/pipelines/nothing", by=READER)
    site.send("/projects/web/pipelines/delivery/runs", ONCE, by=READER)
    site.send("/projects/web/pipelines/delivery/runs", ONCE, by=OWNER)
    site.send("/projects/web/pipelines/delivery/runs", ONCE, by=OWNER)
    site.ask("GET", "/projects/web/pipelines/delivery", by=OWNER)
    site.is_silent = True
    redeployed(site, "1.0", "1.1")
    a_release(site, "1.1")
    site.is_silent = False
    site.ask("GET", "/projects/web/environments/staging", by=READER)
    site.ask("GET", "/projects/web/environments/staging?change=0", by=READER)
    site.ask("GET", "/projects/web/environments/staging?at=2020-01-01T08:00", by=READER)
    site.ask("GET", "/projects/web/environments/staging?at=soon", by=READER)
    site.ask("GET", "/projects/web/environments/staging?change=0", by=OWNER)
    site.ask("GET", "/projects/web/diff?old=staging&new=staging&old_at=2026-06-01T08:00", by=READER)
    site.ask("GET", "/projects/web/diff?old=staging&new=staging&new_at=soon", by=READER)
    site.ask("GET", "/projects/web/environments/nothing", by=READER)
    for words in ("", "web", "web/delivery%231", "trigger+deliv", "nothing"):
        site.ask("GET", f"/search?q={words}&most=8", by=OWNER)
    site.ask("GET", "/search?q=web", by=STRANGER)
    site.ask("GET", "/search?q=web&most=none", by=OWNER)
    site.ask("GET", "/home", by=OWNER, HX_Request="true")
    site.ask("GET", "/releases", by=READER)
    site.ask("GET", "/releases?q=nothing", by=READER)
    site.ask("GET", "/releases/demo/app", by=READER)
    site.ask("GET", "/releases/demo/nothing", by=READER)
    a_release_of_its_own(site)
    site.ask("GET", "/insights", by=READER)
    site.ask("GET", "/insights?project=web", by=READER)
    site.ask("GET", "/insights?project=web", by=STRANGER)
    site.ask("GET", "/audit?project=web", by=OWNER)
    site.ask("GET", "/audit?project=web&since=soon", by=OWNER)
    site.ask("GET", "/audit", by=READER)


def access(site: Site) -> None:
    site.is_silent = True
    a_guest_and_a_machine(site)
    site.is_silent = False
    site.ask("GET", "/access", by=ADMIN)
    site.ask("GET", "/access?project=web", by=OWNER)
    site.ask("GET", "/access?project=web", by=STRANGER)
    site.send("/access/newcomers", f"{ONCE}&name=ann&mail=ann%40example.org&password=", by=ADMIN)
    site.send("/access/newcomers", f"{ONCE}&name=ann&mail=ann%40example.org&password=", by=ADMIN)
    site.send("/access/newcomers", "name=ann&password=short", by=ADMIN)
    site.send("/access/newcomers", "name=ben", by=OWNER)
    ann = "/access/people/ann"
    site.send(f"{ann}/changes", "level=write&project=web", by=ADMIN)
    site.send(f"{ann}/changes", "level=read&project=web", by=ADMIN)
    site.send(f"{ann}/changes", "level=read&project=", by=ADMIN)
    site.send(f"{ann}/changes", "level=read&project=nowhere", by=ADMIN)
    site.send(f"{ann}/changes", "group=ops", by=ADMIN)
    site.send(f"{ann}/changes", "group=nobodys", by=ADMIN)
    site.send(f"{ann}/changes", "level=admin", by=OWNER)
    site.ask("GET", ann, by=ADMIN)
    site.ask("GET", ann, by=READER)
    made = site.send(f"{ann}/tokens", f"{ONCE}&label=of+hers&scopes=read&days=30", by=ADMIN)
    again = site.send(f"{ann}/tokens", f"{ONCE}&label=of+hers&scopes=read&days=30", by=ADMIN)
    assert (made.status, again.status) == (200, 409)
    site.send(f"{ann}/tokens", "scopes=cake&days=30", by=ADMIN)
    site.send(f"{ann}/tokens", "scopes=read&days=some", by=ADMIN)
    site.send(f"{ann}/tokens", "scopes=all", by=OWNER)
    invited = site.send(f"{ann}/invitations", "days=2", by=ADMIN)
    site.send(f"{ann}/invitations", "days=2", by=OWNER)
    site.ask("GET", "/invitation", by=ANONYMOUS)
    site.send("/invitation", "invitation=ann.cake&password=correct+horse+battery", by=ANONYMOUS)
    site.things |= {"invitation": invited.text.split("<code>")[1].split("</code>")[0]}
    site.send("/invitation", "invitation=$invitation&password=correct+horse+battery", by=ANONYMOUS)
    site.send("/invitation", "invitation=$invitation&password=correct+horse+battery", by=ANONYMOUS)
    site.send(f"{ann}/invitations", "days=2", by=ADMIN)
    site.send(f"{ann}/changes", f"no_role={ROLE}", by=ADMIN)
    site.send(f"{ann}/changes", "no_group=ops", by=ADMIN)
    site.send(f"{ann}/changes", "password=another+horse+battery", by=ADMIN)
    site.send(f"{ann}/changes", "mail=ann%40example.com", by=ADMIN)
    site.send(f"{ann}/changes", "disabled=yes", by=ADMIN)
    site.ask("GET", ann, by=ADMIN)
    site.ask("GET", "/access/why?user=reader&project=web&level=write", by=OWNER)
    site.ask("GET", "/access/why?user=guest&project=web&level=read", by=OWNER)
    site.ask("GET", "/access/why?user=reader&project=web&level=cake", by=OWNER)
    site.ask("GET", "/access/why?user=nobody&project=web", by=OWNER)
    site.ask("GET", "/access/why?user=reader&project=web", by=READER)
    site.send("/access/accounts/web", f"{ONCE}&name=helper&role=write&team=", by=OWNER)
    site.send("/access/accounts/web", f"{ONCE}&name=helper&role=write&team=", by=OWNER)
    site.send("/access/accounts/web", "name=helper&role=admin", by=OWNER)
    site.send("/access/accounts/web", "name=helper", by=READER)
    site.send("/access/accounts/web/helper/removals", "confirm=help", by=OWNER)
    site.send("/access/accounts/web/helper/removals", "confirm=helper", by=READER)
    site.send("/access/accounts/web/helper/removals", "confirm=helper", by=OWNER)
    site.send("/access/accounts/web/helper/removals", "confirm=helper", by=OWNER)
    own = site.send("/access/tokens", f"{ONCE}&label=mine&scopes=all&days=1", by=OWNER)
    site.things |= {"own": own.text.split("<code>")[1].split("</code>")[0]}
    listed = site.ask("GET", "/access", by=OWNER)
    site.things |= {"mine": listed.text.split("/access/tokens/")[2].split("/revocations")[0]}
    site.send("/access/tokens/$mine/revocations", "next=access", by=READER)
    site.send("/access/tokens/$mine/revocations", "next=access%3Fproject%3Dweb", by=OWNER)
    site.send("/access/tokens/$mine/revocations", "next=access", by=OWNER)


def a_release_of_its_own(site: Site) -> None:
    site.is_silent = True
    releases_and_jobs(site)
    package = a_form(a_package_file(version="1.2"))
    site.done("POST", f"{INVENTORY}/units/app/versions/v1.2/upload", package, Content_Type=PACKAGE)
    site.house.work_off()
    site.is_silent = False
    release = "/releases/demo/app/1.2"
    for tab in ("about", "needs", "downstream", "deployed", "downloads"):
        site.ask("GET", f"{release}?tab={tab}", by=OWNER)
    site.ask("GET", f"{release}?tab=cake", by=OWNER)
    site.ask("GET", "/releases/demo/app/9.9", by=READER)
    site.ask("GET", f"{release}/package", by=READER)
    site.ask("GET", "/releases/demo/lib/1.0/package", by=READER)
    site.send(f"{release}/tags", f"{ONCE}&tag=blue", by=READER)
    site.send(f"{release}/tags", f"{ONCE}&tag=v1", by=OWNER)
    site.send(f"{release}/tags", f"{ONCE}&tag=blue", by=OWNER)
    site.send(f"{release}/yanks", f"{ONCE}&notes=", by=OWNER)
    site.send(f"{release}/yanks", f"{ONCE}&notes=it+leaks", by=OWNER)
    site.send(f"{release}/unyanks", ONCE, by=READER)
    site.send(f"{release}/unyanks", ONCE, by=OWNER)
    deploy = "/projects/web/environments/production/deploy/app/to/1.2"
    site.ask("GET", deploy, by=READER)
    shown = site.ask("GET", deploy, by=OWNER)
    site.things |= {"changes": shown.text.split('name="changes" value="')[1].split('"')[0]}
    site.ask("GET", "/projects/web/environments/production/deploy/nothing/to/1.2", by=OWNER)
    site.send(f"{deploy}/acts", f"{ONCE}&changes=other", by=OWNER)
    site.send(f"{deploy}/acts", f"{ONCE}&changes=$changes", by=READER)
    site.send(f"{deploy}/acts", f"{ONCE}&changes=$changes", by=OWNER)
