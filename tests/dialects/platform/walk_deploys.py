"""The walk past the rows of deploys: what one would change, and back to what was deployed before."""

from urllib.parse import quote

from tests.dialects.matrix.callers import ANONYMOUS, READER, STRANGER, WRITER
from tests.dialects.matrix.things import deployed_by_jobs
from tests.dialects.platform.site import Site

PLACE = "/api/v1/projects/web/environments/staging/deployments/demo%2Fapp"


def deploys(site: Site) -> None:
    site.is_silent = True
    _what_is_deployed(site)
    site.is_silent = False
    site.ask("POST", f"{PLACE}/plan", by=READER)
    given = {"version": "1.0", "inputs": {"size": 3, "password": {"secret": "hush"}}}
    site.ask("POST", f"{PLACE}/plan", given, by=READER)
    site.ask("POST", f"{PLACE}/plan", {"version": "7.0"}, by=READER)
    site.ask("POST", f"{PLACE}/plan", by=STRANGER)
    site.ask("GET", f"{PLACE}/rollback", by=READER)
    site.ask("POST", f"{PLACE}/rollback", {"digest": "0" * 64}, by=WRITER)
    site.ask("POST", f"{PLACE}/rollback", by=READER)
    site.ask("POST", f"{PLACE}/rollback", by=WRITER)
    site.ask("GET", PLACE.replace("demo%2Fapp", "nothing") + "/rollback", by=READER)
    site.ask("GET", f"{PLACE}/rollback", by=ANONYMOUS)
    _environments(site)
    _releases(site)


def _environments(site: Site) -> None:
    history = "/api/v1/projects/web/environments/staging/history"
    first = site.ask("GET", f"{history}?page_size=1", by=READER).json["next"]
    site.ask("GET", f"{history}?page_size=1&page_from={quote(first)}", by=READER)
    site.ask("GET", f"{history}?page_from=yesterday", by=READER)
    site.ask("GET", history.replace("staging", "mars"), by=READER)
    site.ask("GET", history, by=STRANGER)
    diff = "/api/v1/projects/web/diff"
    site.ask("GET", f"{diff}?old=staging&new=live", by=READER)
    site.ask("GET", f"{diff}?old=staging&old_at=2020-01-01T00:00:00Z", by=READER)
    site.ask("GET", diff, by=READER)
    site.ask("GET", f"{diff}?old=staging&new=live", by=STRANGER)


def _what_is_deployed(site: Site) -> None:
    """Two releases, of which the younger was deployed last, and a job that deploys them."""
    site.done("POST", "/api/v1/state/web/add-namespace", {"name": "demo"})
    site.done("POST", "/api/v1/state/web/environments/", {"name": "live"})
    for version in ("1.0", "1.1"):
        stages = {"deploy": {"inline": "echo"}}
        files = {"app.py": version}
        body = {"name": "app", "version": version, "project": "demo", "stages": stages, "files": files}
        site.done("POST", "/api/v1/inventory/demo/register", body)
    job = {"environment": "staging", "deployment": "demo/app", "release": "demo/app", "inputs": {"size": 2}}
    site.done("POST", "/api/v1/deployment-jobs/by-project/web/add", job)
    deployed_by_jobs(site, ("1.0", "1.1"))


def _releases(site: Site) -> None:
    unit = "/api/v1/releases/demo/app"
    site.ask("GET", f"{unit}?page_size=1", by=READER)
    site.ask("GET", f"{unit}?version=v1.0", by=READER)
    site.ask("GET", f"{unit}?version=7", by=READER)
    site.ask("GET", "/api/v1/releases/demo/nothing", by=READER)
    site.ask("GET", unit, by=STRANGER)
