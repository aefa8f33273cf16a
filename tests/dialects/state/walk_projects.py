"""A walk past the rows about projects as a whole: who may do what in them, how they look, what they take over."""

from base64 import b64encode
from typing import Any

from chalicelib.kernel.engine.events import Outcome
from chalicelib.use_cases.ports.access import Group
from tests.builders import NOON, an_entry
from tests.dialects.state.site import Site
from tests.dialects.state.walk import finish

WEB = "/api/v1/state/web"
ACCOUNTS = f"{WEB}/service-accounts"
GIF = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>'
DEPLOYED: dict[str, Any] = {"version": "0.1.2", "status": {"status": "ok"}, "provides": ["web"]}
LOCAL_STATE: dict[str, Any] = {
    "name": "local-state-project",
    "environments": {
        "dev": {
            "name": "dev",
            "inputs": {"region": "eu"},
            "deployments": {
                "demo/app": {"name": "demo/app", "release": "demo/app", "stages": {"deploy": DEPLOYED}},
            },
        },
        "staging": {"name": "staging"},
    },
}


def walk_projects(site: Site) -> None:
    """Ask for everything once."""
    who_may_what(site)
    service_accounts(site)
    logo_and_groups(site)
    importing(site)
    repositories(site)
    removing(site)


def who_may_what(site: Site) -> None:
    site.get(f"{WEB}/rbac/valid-roles", by="bob")
    site.get(f"{WEB}/can-manage-subscriptions", by="olga")
    site.get(f"{WEB}/can-manage-subscriptions", by="ada")


def service_accounts(site: Site) -> None:
    site.house.ports.access.save_group(Group(name="robots", created_at=NOON), an_entry())
    site.done("POST", f"{ACCOUNTS}/ci/", {"role": "write", "team": "robots"}, by="olga")
    assert site.refused("POST", f"{ACCOUNTS}/ci/", {"role": "read"}, by="olga")[0] == 409
    assert site.refused("POST", f"{ACCOUNTS}/a%2Fb/", {"role": "read"}, by="olga") == (400, ["name"])
    assert site.refused("POST", f"{ACCOUNTS}/qa/", {"role": "god"}, by="olga") == (400, ["role"])
    assert site.refused("POST", f"{ACCOUNTS}/qa/", {"role": "write", "team": "cab"}, by="olga")[0] == 403
    site.get(f"{ACCOUNTS}/", by="bob")
    site.done("DELETE", f"{ACCOUNTS}/ci/", by="olga")
    assert site.refused("DELETE", f"{ACCOUNTS}/ci/", by="olga")[0] == 404


def logo_and_groups(site: Site) -> None:
    assert site.refused("GET", f"{WEB}/logo")[0] == 404
    body = {"logo": f"data:image/gif;base64,{b64encode(GIF).decode()}", "groups": ["ops", "web"]}
    site.done("PUT", f"{WEB}/", body, by="olga")
    assert site.ask("GET", f"{WEB}/logo", by="bob").content == GIF
    site.done("PUT", f"{WEB}/", {**body, "logo": b64encode(SVG).decode()}, by="olga")
    assert site.ask("GET", f"{WEB}/logo").content == SVG
    assert site.refused("PUT", f"{WEB}/", {"logo": b64encode(b"no image").decode()}, by="olga") == (400, ["logo"])
    site.done("PUT", f"{WEB}/", {"groups": ["ops", "web"]}, by="olga")
    site.get("/api/v1/state/__get_projects_by_group", by="bob")
    site.get("/api/v1/state/__get_projects_by_group?group=ops", by="bob")
    site.get("/api/v1/state/__get_projects_by_group?group=ops", by="sam")


def importing(site: Site) -> None:
    target = f"{WEB}/import-environments"
    site.done("POST", target, LOCAL_STATE)
    site.get(f"{WEB}/environments/dev/?full=true")
    newer = {**DEPLOYED, "version": "0.2"}
    other = {"environments": {"dev": {"deployments": {"demo/new": {"stages": {"deploy": newer}}}}}}
    assert site.refused("POST", target, other)[0] == 409
    site.done("POST", f"{target}?overwrite=true", other)
    site.get(f"{WEB}/environments/dev/?full=true")
    site.get(f"{WEB}/", by="bob")
    history = f"{WEB}/environments/dev/deployments/history?deployment=demo%2Fapp"
    (deleted,) = site.get(f"{history}&page_size=1", by="bob")
    site.get(f"{history}&page_from={deleted['id']}", by="bob")
    assert site.refused("GET", history.replace("app", "nobody"))[0] == 404


def repositories(site: Site) -> None:
    add, source = f"{WEB}/repositories/add-repository", f"{WEB}/repositories/source/"
    site.done("POST", add, {"name": "source", "url": "https://ann:pass%40word@git.example.org/app.git"})
    site.get(f"{WEB}/repositories/", by="bob")
    site.done("PUT", source, {"url": "https://git.example.org/other.git", "username": "ann", "branch": "main"})
    site.get(f"{WEB}/repositories/", by="bob")
    for url in ("ssh://ann:word@git.example.org/app.git", "https://glpat-12345@git.example.org/app.git", "--upload"):
        assert site.refused("PUT", source, {"url": url}) == (400, ["url"])
    both = {"url": "https://ann:word@git.example.org/app.git", "username": "bob", "password": "other"}
    assert site.refused("PUT", source, both) == (400, ["username", "password"])
    build = {"name": "app", "repo": "https://ann:word@git.example.org/app.git", "steps": [{}]}
    assert site.refused("POST", f"{WEB}/environments/staging/builds/", build) == (400, ["repo"])
    site.done("DELETE", source)


def removing(site: Site) -> None:
    dev = f"{WEB}/environments/dev/"
    assert site.refused("DELETE", dev)[0] == 403
    site.done("DELETE", dev, by="olga")
    assert site.refused("DELETE", dev, by="olga")[0] == 404
    staging = f"{WEB}/environments/staging"
    site.done("POST", f"{WEB}/repositories/add-repository", {"name": "code", "url": "file:///srv/app.git"})
    site.done("POST", f"{WEB}/add-namespace", {"name": "demo"})
    site.done("POST", f"{ACCOUNTS}/ci/", {"role": "write"}, by="olga")
    site.done("POST", f"{staging}/builds/", {"name": "app", "repo": "code", "private_key": "KEY", "steps": [{}]})
    site.done("POST", f"{staging}/builds/by-name/app/trigger-build")
    (leased,) = site.house.lease()
    site.done("DELETE", f"{WEB}/", by="olga")
    assert site.refused("GET", f"{WEB}/")[0] == 404
    finish(site, leased, Outcome.CANCELLED)
    site.done("DELETE", f"{WEB}/", by="olga")
    assert site.refused("DELETE", f"{WEB}/", by="olga")[0] == 404
    assert site.refused("POST", f"{WEB}/add-project", by="olga")[0] == 403
    site.done("POST", f"{WEB}/add-project", by="root")
    site.get(f"{WEB}/builds/executions/", by="root")
