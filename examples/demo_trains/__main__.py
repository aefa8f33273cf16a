"""Releases and their builds, end to end: as BuildMaster's clients deploy them, and as FlexDeploy's approve them.

`make demo-trains` runs it; it checks every step, and every view of it.
"""

import json
import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from examples.demo.__main__ import check, title
from examples.demo.door import STATE
from examples.demo.platform import Failed, Platform, fresh
from examples.demo_trains.buildmaster import BuildMaster, Refused
from examples.demo_trains.gates import Gates
from examples.demo_trains.pipeline import SCRIPTS, STAGES, pipeline

SERVICES = {
    "FlexDeploy": ("/flexdeploy/",),
    "BuildMaster": ("/api/releases", "/api/json/", "/api/infrastructure/", "/api/variables/", "/executions/"),
    "State": STATE,
    "the platform": ("/api/v1/",),
}
GRANTS = ("native", "infrastructure", "variables", "release-and-build-deployment")
HERE = Path(__file__).parent
EXECUTIONS = "/api/v1/pipelines/by-project/web-shop/by-name/Standard/executions/"
PRODUCTION = "/api/v1/state/web-shop/environments/production"
SHUT_FOR = timedelta(seconds=15)
PATIENCE = 60


class Demo:
    """The story, step by step."""

    def __init__(self, folder, platform):
        self.folder, self.platform = folder, platform
        grants = [word for grant in GRANTS for word in ("--grant", grant)]
        key = self.prints("token", "issue", "--label", "ci", *grants).strip()
        self.api = BuildMaster(platform.door.address, key)
        self.application = 0
        self.began = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def prints(self, *arguments):
        """What a command prints, which is shown."""
        print(f"\n\033[1m$ slipway {' '.join(arguments)}\033[0m", flush=True)
        text = self.platform.slipway(*arguments, show=False).stdout
        print(text.rstrip() if "token" not in arguments else "(the key)", flush=True)
        return text

    def make(self):
        """Application, environments, variables, scripts, pipeline."""
        api = self.api
        self.application = api.native("Applications_CreateApplication", Application_Name="Web Shop")
        for stage in STAGES:
            api.environment(stage)
            api.variable(f"environment/{stage}", "where", stage.lower())
        api.variable("application/Web%20Shop", "folder", self.folder / "sites")
        for name, file in SCRIPTS.items():
            api.item(self.application, 4, name, (HERE / "scripts" / file).read_text())
        (known,) = api.native("Applications_GetApplications", Application_Count=0)
        check("BuildMaster knows the application", known["Application_Name"] == "Web Shop")
        check("State lists its project", "web-shop" in self.prints("project", "list"))

    def planned(self, number, name=""):
        """A new release."""
        known = {"applicationId": self.application, "pipelineName": "Standard"}
        return self.api.releases("PUT", "/create", releaseNumber=number, releaseName=name, **known)

    def built(self, number, version, greeting):
        """A new build of a release."""
        named = {"applicationId": self.application, "releaseNumber": number}
        return self.api.releases("PUT", "/builds/create", **named, _version=version, _greeting=greeting)

    def deployed(self, build, stage=""):
        """The deployment of a build, once it has ended."""
        (made,) = self.api.releases("PUT", "/builds/deploy", buildId=build["id"], toStage=stage)
        return self.api.ended(made)

    def page(self, place):
        """What a place shows."""
        path = self.folder / "sites" / place / "page.txt"
        return path.read_text().strip() if path.exists() else None

    def to_staging(self, build, run):
        """A build is integrated, looked at and staged."""
        check("it is integrated", self.deployed(build)["status"] == "succeeded")
        said = self.api.refusal("/builds/deploy", buildId=build["id"])
        check("without approval it is not staged", "gate admin" in said)
        check("`why` says who may approve", "approval by user admin" in self.prints("why", run))
        self.prints("run", "approve", run, "admin", "--notes", "the page is fine")
        return self.deployed(build)

    def first_release(self):
        """A build goes through all stages; production opens a little later."""
        opens = datetime.now(UTC) + SHUT_FOR
        self.api.item(self.application, 8, "Standard", as_json(pipeline(opens)))
        self.planned("1.0", "autumn")
        build = self.built("1.0", "1.0.0", "hello")
        check("it is staged", self.to_staging(build, "web-shop/Standard#1")["status"] == "succeeded")
        check("staging shows it", self.page("staging") == "shop 1.0.0: hello")
        said = self.api.refusal("/builds/deploy", buildId=build["id"])
        check("production is shut", "deployment window" in said and self.page("production/current") is None)
        check("`why` says until when", "Production / deployment window" in self.prints("why", "web-shop/Standard#1"))
        live = self.api.ended(self.once_open(build))
        check("it is live", (live["status"], self.page("production/current")) == ("succeeded", "shop 1.0.0: hello"))
        (release,) = self.api.releases("GET", f"?applicationId={self.application}")
        check("the release is deployed", (release["status"], release["furthestBuildNumber"]) == ("deployed", "1"))
        return build

    def once_open(self, build):
        """The deployment to production, as soon as the window is open."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                (made,) = self.api.releases("PUT", "/builds/deploy", buildId=build["id"])
            except Refused:
                time.sleep(0.5)
            else:
                return made
        raise Failed("production does not open")

    def bad_build(self, good):
        """A build breaks production, and the build before is deployed again."""
        self.planned("1.1")
        bad = self.built("1.1", "1.1.0", "")
        check("it is staged, with a warning", self.to_staging(bad, "web-shop/Standard#2")["status"] == "warned")
        failed = self.deployed(bad)
        check("production fails", failed["status"] == "failed")
        check("its log says why", "the page greets nobody" in self.api.log(failed["id"]))
        check("and so does `why`", "the page greets nobody" in self.prints("why", "web-shop/Standard#2"))
        check("production shows the bad page", self.page("production/current") == "shop 1.1.0:")
        again = self.deployed(good, "Production")
        check("the build before is deployed again", again["status"] == "succeeded")
        check("production shows it", self.page("production/current") == "shop 1.0.0: hello")

    def cancelled(self):
        """The release is cancelled, and restored for a better build."""
        named = {"applicationId": self.application, "releaseNumber": "1.1"}
        self.api.releases("PUT", "/cancel", **named, reason="it greets nobody")
        said = self.api.refusal("/builds/create", **named)
        check("a canceled release takes no builds", "canceled" in said)
        check("the reason is kept", "it greets nobody" in self.prints("train", "show", "web-shop/1.1"))
        self.api.releases("PUT", "/restore", **named)
        build = self.built("1.1", "1.1.1", "good day")
        check("a restored one does", build["number"] == "2")
        check("its next build is integrated", self.deployed(build)["status"] == "succeeded")
        check("integration shows it", self.page("integration") == "shop 1.1.1: good day")

    def lists(self):
        """What BuildMaster's lists say of all that."""
        ask = self.api.releases
        found = {one["number"]: (one["status"], one["latestBuildNumber"]) for one in ask("POST", "")}
        check(f"releases: {found}", found == {"1.1": ("active", "2"), "1.0": ("deployed", "1")})
        builds = [
            (one["releaseNumber"], one["number"], one["status"], one["furthestStage"]) for one in ask("POST", "/builds")
        ]
        expected = [("1.1", "2", "active", "Integration"), ("1.1", "1", "rejected", "Production")]
        check(f"builds: {builds}", builds == [*expected, ("1.0", "1", "deployed", "Production")])
        every = {"applicationId": self.application, "pipelineName": "standard", "pipelineStageName": "PRODUCTION"}
        live = [(one["releaseNumber"], one["status"]) for one in ask("POST", "/builds/deployments", **every)]
        check(f"to production: {live}", live == [("1.0", "succeeded"), ("1.1", "failed"), ("1.0", "succeeded")])

    def state(self):
        """What State says of the same runs."""
        executions = self.platform.ask("GET", EXECUTIONS)
        found = [(one["run_nr"], one["status"]) for one in executions]
        check(f"State's executions: {found}", found == [(4, "running"), (3, "ok"), (2, "failed"), (1, "ok")])
        history = self.platform.ask("GET", f"{PRODUCTION}/deployments/history?deployment=web-shop")
        lived = [(one["release_id"], one["went_well"]) for one in history]
        check(f"production's history: {lived}", [well for _, well in lived] == [True, False, True])
        now, then = (self.platform.ask("GET", f"{PRODUCTION}/?full=true{at}") for at in ("", f"&at={self.began}"))
        check("the application stands in production", "web-shop" in now["deployments"])
        check("it did not before", not then.get("deployments"))
        self.prints("state", "web-shop")

    def command_line(self):
        """What the command line says of the same records."""
        trains = self.prints("train", "list", "-p", "web-shop")
        check("trains", "web-shop/1.1" in trains and "1 in Production" in trains)
        snapshots = self.prints("snapshot", "list", "web-shop/1.1")
        check("snapshots", "rejected" in snapshots and "Integration" in snapshots)
        runs = self.prints("run", "list", "-p", "web-shop")
        check("runs", all(f"web-shop/Standard#{number}" in runs for number in (1, 2, 3, 4)))
        check("`why`", "approval by user admin" in self.prints("why", "web-shop/Standard#4"))


def as_json(record):
    """A record as text."""
    return json.dumps(record)


def tell(demo):
    """The story."""
    title(1, "An application, its environments, scripts and pipeline")
    demo.make()
    title(2, "A release: its build is approved, and waits for a window")
    good = demo.first_release()
    title(3, "A bad build breaks production, which goes back to the build before")
    demo.bad_build(good)
    title(4, "The release is cancelled and restored")
    demo.cancelled()
    title(5, "Every view of it")
    demo.lists()
    demo.state()
    demo.command_line()
    gates = Gates(demo)
    title(6, "A snapshot travels a pipeline of gates, and is replayed")
    gates.plan()
    gates.travel()
    title(7, "A younger snapshot overtakes an older one")
    gates.views(gates.overtake())


def main():
    """Exit 0 only if every step was checked."""
    began = time.monotonic()
    folder = fresh(Path(tempfile.gettempdir()) / f"slipway-demo-trains-{os.getuid()}")
    try:
        with Platform(folder, SERVICES) as platform:
            tell(Demo(folder, platform))
    except (Failed, Refused) as failed:
        sys.exit(f"\n\033[31m✗ {failed}\033[0m\n  the demo's folder is kept: {folder}")
    fresh(folder).rmdir()
    print(f"\n\033[1;32mThree releases travelled two pipelines in {time.monotonic() - began:.0f} s.\033[0m")


if __name__ == "__main__":
    main()
