"""One walk past every row of the Inventory, as the Escape CLI and ours take it."""

from hashlib import sha256

from tests.dialects.inventory.site import INVENTORY, UNIT, Site, packed

INTERNAL = "/api/v1/internal"


def walk(site: Site) -> None:
    """Ask for everything once, in an order that makes sense."""
    namespaces(site)
    a_release_by_escapes_cli(site)
    a_release_in_parts(site)
    tags(site)
    versions(site)
    units(site)
    links(site)
    hooks(site)
    searching(site)
    yanking(site)
    forgetting(site)


def namespaces(site: Site) -> None:
    made = {"name": "demo", "description": "<demos> & more", "org_url": "http://o", "logo": "L", "project": "web"}
    site.ask("POST", f"{INTERNAL}/add-namespace", made)
    site.ask("POST", f"{INVENTORY}/tools/add-namespace", b'{"name":"tools"} and more', by="ada")
    site.ask("PUT", f"{INVENTORY}/demo/", {"NAME": "demo", "description": "demos", "is_public": True, "unknown": 1})
    site.ask("GET", f"{INVENTORY}/", by="bob")
    site.ask("GET", f"{INTERNAL}/get_namespaces_for_project?namespaces=tools,none&namespaces=nor", by="root")
    site.ask("GET", f"{INTERNAL}/get_namespaces_for_project?project=web", by="bob")
    site.ask("GET", f"{INVENTORY}/tools/")


def a_release_by_escapes_cli(site: Site) -> None:
    site.ask("GET", f"{UNIT}/next-version?prefix=0.1.")
    site.ask("GET", f"{UNIT}/versions/v0.1.0/")
    site.register("0.1.0", description="first", inputs=[{"id": "port", "default": 80, "visible": True}])
    site.upload("v0.1.0", b"the package")
    site.ask("GET", f"{UNIT}/next-version?prefix=0.1.")
    site.ask("GET", f"{UNIT}/versions/v0.1.@/")
    site.ask("GET", f"{UNIT}/versions/v0.1.0/download", by="bob")


def a_release_in_parts(site: Site) -> None:
    site.register("0.1.1", description="second", git_revision="abc", metadata={"b": "2", "a": "1"})
    target, second = f"{UNIT}/versions/v0.1.1/upload", packed("v0.1.1", b"the package")
    said = {"size": len(second), "sha256": sha256(second).hexdigest()}
    begun = site.ask("POST", target, said, Content_Type="application/json").json
    etag = site.packages.receive(begun["upload_id"], 1, second)
    body = {"upload_id": begun["upload_id"], "parts": [{"number": 1, "etag": etag}]}
    site.ask("POST", f"{target}/complete", body)
    site.ask("POST", f"{target}/complete", body)
    site.ask("GET", f"{UNIT}/versions/latest/download")


def tags(site: Site) -> None:
    site.ask("POST", f"{UNIT}/tags/", {"release_id": "demo/app-v0.1.0", "tag": "stable"})
    site.ask("POST", f"{UNIT}/tags/", {"release_id": "demo/app:stable", "tag": "a b/c"})
    site.ask("POST", f"{UNIT}/tags/", {"release_id": "demo/app-latest", "tag": "stable"})
    site.ask("GET", f"{UNIT}/tags/", by="bob")
    site.ask("GET", f"{UNIT}/versions/a%20b%2Fc/")


def versions(site: Site) -> None:
    site.ask("GET", f"{UNIT}/versions/", by="bob")
    site.ask("GET", f"{UNIT}/versions/?page_size=1")
    site.ask("GET", f"{UNIT}/versions/?page_size=1&page_from=0.1.1")
    for query in ("latest", "%40", "v%40", "v0.1.@", "0.@", "v0.1.1", "0.1.1", "stable"):
        site.ask("GET", f"{UNIT}/versions/{query}/")
    site.ask("GET", f"{UNIT}/versions/latest/?full=true", by="bob")
    site.ask("GET", f"{UNIT}/versions/0.1.0?full=x")
    site.ask("GET", f"{UNIT}/versions/latest/previous/")


def units(site: Site) -> None:
    site.ask("GET", f"{INVENTORY}/demo/units/", by="bob")
    site.ask("GET", f"{INVENTORY}/tools/units/")
    site.ask("GET", f"{UNIT}/")
    site.ask("GET", f"{INVENTORY}/demo/", by="root")


def links(site: Site) -> None:
    needs = [{"release_id": "demo/app-v0.1.0", "scopes": ["build"], "mapping": {"size": 3}}]
    more = {"provides": [{"name": "site"}], "consumes": [{"name": "db"}], "project": "demo"}
    site.ask("POST", f"{INVENTORY}/demo/register", {"name": "web", "version": "1.0", "depends": needs, **more})
    over = {"extends": [{"release_id": "demo/app-v0.1.0"}], "project": "demo"}
    site.ask("POST", f"{INVENTORY}/demo/register", {"name": "web", "version": "1.1", **over})
    site.ask("GET", f"{UNIT}/versions/latest/diff/", by="bob")
    site.ask("GET", f"{UNIT}/versions/0.1.0/diff/")
    site.ask("GET", f"{UNIT}/versions/0.1.0/diff/0.1.0/")
    site.ask("GET", f"{INVENTORY}/demo/units/web/versions/1.1/diff/1.0/")
    site.ask("GET", f"{INVENTORY}/demo/units/web/versions/1.0/dependency-graph")
    site.ask("GET", f"{UNIT}/versions/0.1.0/dependency-graph")
    site.ask("GET", f"{UNIT}/versions/0.1.0/downstream", by="bob")
    site.ask("GET", f"{UNIT}/versions/latest/downstream")
    site.ask("GET", f"{INVENTORY}/__providers?name=site", by="bob")
    site.ask("GET", f"{INVENTORY}/__providers?name=site", by="sam")
    site.ask("GET", f"{INVENTORY}/__providers")


def hooks(site: Site) -> None:
    site.ask("GET", f"{INVENTORY}/demo/hooks/", by="bob")
    said = {"slack": {"url": "https://chat.example/x"}, "events": {"url": "https://e.example/", "secret": "s"}}
    site.ask("PUT", f"{INVENTORY}/demo/hooks/", said)
    site.ask("GET", f"{INVENTORY}/demo/hooks/")
    site.ask("PUT", f"{INVENTORY}/demo/hooks/", {"zzz": {}})
    site.ask("PUT", f"{INVENTORY}/demo/hooks/", {"events": {"zzz": "1"}})
    site.ask("PUT", f"{INVENTORY}/demo/hooks/", {"slack": {"zzz": "1"}})
    site.ask("PUT", f"{INVENTORY}/demo/hooks/", b"[")
    site.ask("PUT", f"{UNIT}/hooks/", {"build": {"url": "https://b.example/"}})
    site.ask("GET", f"{UNIT}/hooks/")
    site.ask("GET", f"{INVENTORY}/demo/units/none/hooks/")


def searching(site: Site) -> None:
    site.ask("POST", f"{INVENTORY}/search", {"query": "sec app"}, by="bob")
    site.ask("POST", f"{INVENTORY}/search", {"page_size": 1, "namespace": "demo"})
    site.ask("POST", f"{INVENTORY}/search", {"metadata": {"b": "2"}})
    site.ask("POST", f"{INVENTORY}/search", {"query": "app"}, by="sam")


def yanking(site: Site) -> None:
    site.ask("POST", f"{UNIT}/versions/v0.1.1/yank", {"reason": "it leaks"})
    site.ask("GET", f"{UNIT}/versions/latest/")
    site.ask("GET", f"{UNIT}/versions/v0.1.1/?full=true")
    site.ask("DELETE", f"{UNIT}/versions/v0.1.1/yank")
    site.ask("POST", f"{UNIT}/versions/latest/yank", {"reason": "it leaks"})


def forgetting(site: Site) -> None:
    site.ask("DELETE", f"{INVENTORY}/demo/hard-delete")
    site.ask("DELETE", f"{INVENTORY}/demo/hard-delete", by="sam")
    site.ask("DELETE", f"{INVENTORY}/demo/hard-delete", by="root")
    site.ask("DELETE", f"{INVENTORY}/demo/hard-delete", by="root")
    site.ask("GET", f"{INVENTORY}/demo/", by="root")
