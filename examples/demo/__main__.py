"""The main job, end to end: a change travels from a commit to production, by the State Service alone.

`make demo` runs it, `make demo CLOUD=1` on a stack that is deployed for it; it checks every step. `make demo KEEP=1`
leaves everything up, to be looked at.
"""

import argparse
import contextlib
import os
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from examples.demo.cloud import Cloud
from examples.demo.platform import SLIPWAY, Failed, Platform, free_port, fresh, service_says
from examples.demo.repository import Repository
from examples.demo.watch import found, watched

HERE = Path(__file__).parent
STAGING = "/api/v1/state/shop/environments/staging"
JOBS = "/api/v1/deployment-jobs/by-project/shop"
PIPELINES = "/api/v1/pipelines/by-project/shop"
RELEASE = f"{PIPELINES}/by-name/release"
PATIENCE = 45


def check(claim, holds):
    """Say what holds, or stop."""
    if not holds:
        raise Failed(claim)
    print(f"\033[32m✓\033[0m {claim}", flush=True)


def title(number, text):
    """Head a step."""
    print(f"\n\033[1;36m── {number}. {text} " + "─" * max(0, 70 - len(text)) + "\033[0m", flush=True)


class Demo:
    """The story, step by step."""

    def __init__(self, folder, platform):
        self.folder, self.platform = folder, platform
        self.ports = {"staging": free_port(), "production": free_port()}
        self.repository = Repository(folder)

    def make(self):
        """Project, environments, repository, build, deployment jobs, pipeline."""
        slipway = self.platform.slipway
        slipway("project", "add", "shop")
        for environment in ("staging", "production"):
            slipway("env", "add", "shop", environment)
        slipway("repo", "add", "shop", "hello", f"file://{self.repository.origin}")
        steps = [{"run_deploy": False, "run_smoke": False, "run_destroy": False, "variables": {"directory": ".run"}}]
        build = {"name": "hello", "repo": "hello", "branch": "main", "steps": steps}
        webhook = self.platform.ask("POST", f"{STAGING}/builds/", build)["webhook_token"]
        for environment, port in self.ports.items():
            inputs = {"port": port, "directory": str(self.folder / environment)}
            body = {"environment": environment, "deployment": "hello", "release": "demo/hello", "inputs": inputs}
            self.platform.ask("POST", f"{JOBS}/add", body)
        slipway("pipeline", "add", "shop", "-f", str(HERE / "pipeline.yaml"))
        self.repository.tell(f"{self.platform.door.address}{STAGING}/builds/webhook/{webhook}")
        check("the pipeline is there", "release" in self.platform.ask("GET", f"{PIPELINES}/"))

    def pushed(self, message, number):
        """The path of the pipeline's execution that a push leads to."""
        self.repository.push(message)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            newest = self.platform.ask("GET", f"{RELEASE}/executions/?page_size=1")
            if newest and newest[0]["run_nr"] == number:
                return f"{RELEASE}/executions/{newest[0]['id']}/"
            time.sleep(0.1)
        raise Failed(f"push {message!r} started no execution of the pipeline")

    def watch(self, path, until=lambda execution: False):
        """An execution, once it has ended or is as wanted."""
        print(f"\n\033[1m$ watch {path}\033[0m", flush=True)
        return watched(self.platform, path, until)

    def at_gate(self, path):
        """The execution, once it waits for a person."""
        execution = self.watch(path, lambda one: found(one, "production", "go").get("confirmation_code"))
        check("the execution waits for approval", found(execution, "production", "go")["status"] == "pending")
        return execution

    def first_release(self):
        """Commit, push, build, staging, approval, production."""
        self.repository.fill(HERE.parent / "hello")
        path = self.pushed("Say hello", 1)
        execution = self.at_gate(path)
        (build,) = self.platform.ask("GET", f"{STAGING}/builds/by-name/hello/executions/")
        check(f"{build['release_id']} is built, registered and uploaded", build["release_id"] == "demo/hello-v0.1.0")
        check(f"it was made of {build['commit']['message']!r}", "Ada" in build["commit"]["author"])
        said = service_says(self.ports["staging"])
        check(f"staging answers with version {said and said['version']}", said and said["version"] == "0.1.0")
        check("production does not answer yet", service_says(self.ports["production"]) is None)
        smoke = found(execution, "staging", "smoke")["execution_id"]
        log = self.platform.ask("GET", f"{JOBS}/by-environment/staging/by-name/hello/executions/{smoke}/logs")
        print("".join(chunk["text"] for chunk in log).rstrip())
        check("the smoke test has a log", [chunk["seq"] for chunk in log] == list(range(1, len(log) + 1)) and log)
        return path

    def approve(self, path, notes):
        """What waits is approved by its code, and the execution goes on to its end."""
        code = found(self.platform.ask("GET", path), "production", "go")["confirmation_code"]
        self.platform.ask("GET", f"{path}confirmation/{code}/approve?notes={quote(notes)}")
        return self.watch(path)

    def to_production(self, path):
        """The first change reaches production."""
        execution = self.approve(path, "staging looks good")
        check("the execution went well", execution["status"] == "ok")
        said = service_says(self.ports["production"])
        check(f"production answers {said}", said and said["version"] == "0.1.0" and said["environment"] == "production")
        tags = self.platform.ask("GET", "/api/v1/inventory/demo/units/hello/tags/")
        check(f"the release is tagged: {tags}", tags == {"production": "0.1.0"})

    def broken_change(self):
        """A change that fails its smoke test in staging goes no further, and is taken back there."""
        self.repository.write("greeting.txt", "\n")
        execution = self.watch(self.pushed("Forget the greeting", 2))
        failed = execution["status"] == "failed" and "smoke" in execution["reason"]
        check(f"the execution failed: {execution['reason']}", failed)
        check("staging is not well", service_says(self.ports["staging"], "/health") is None)
        check("production stays as it was", service_says(self.ports["production"])["version"] == "0.1.0")
        job = f"{JOBS}/by-environment/staging/by-name/hello"
        back = self.platform.ask("POST", f"{job}/trigger", {"version": "0.1.0"})["id"]
        check("the earlier release is deployed again", self.watch(f"{job}/executions/{back}/")["status"] == "ok")
        check("staging is back at 0.1.0", service_says(self.ports["staging"])["version"] == "0.1.0")

    def overtaken(self):
        """Two executions; the newer passes the gate first."""
        self.repository.write("greeting.txt", "good day\n")
        older = self.pushed("Say good day", 3)
        self.at_gate(older)
        self.repository.write("greeting.txt", "good evening\n")
        newer = self.pushed("Say good evening", 4)
        self.at_gate(newer)
        check("the newer execution went well", self.approve(newer, "")["status"] == "ok")
        execution = self.watch(older)
        reason = execution["reason"]
        overtaken = reason.startswith("superseded") and newer.strip("/").rpartition("/")[2] in reason
        check(f"the older execution is {reason}", execution["status"] == "failed" and overtaken)
        check("production says good evening", service_says(self.ports["production"])["greeting"] == "good evening")
        self.platform.slipway("pipeline", "history", "shop", "release")

    def memory(self, before):
        """What is where now, and what was where then."""
        self.platform.slipway("state", "shop")
        self.platform.slipway("state", "shop", "--at", before)
        self.platform.slipway("history", "shop", "production", "hello")
        now = self.platform.ask("GET", "/api/v1/state/shop/environments/production/?full=true")
        then = self.platform.ask("GET", f"/api/v1/state/shop/environments/production/?full=true&at={before}")
        check("production has version 0.1.3 now", version_in(now) == "0.1.3")
        check("production had nothing before the first approval", version_in(then) is None)

    def one_door(self):
        """All of this went through the State Service."""
        door = self.platform.door
        check(
            f"{door.passed['state']} asks went to the State Service, {door.passed['inventory']} to the Inventory, "
            "none elsewhere",
            not door.refused,
        )

    def clear(self):
        """End the services that were deployed."""
        for environment in self.ports:
            pid_file = self.folder / environment / "pid"
            with contextlib.suppress(OSError, ValueError):
                os.kill(int(pid_file.read_text()), signal.SIGTERM)
        left = [name for name, port in self.ports.items() if until_gone(port)]
        check("nothing is left running", not left)


def version_in(environment):
    """The version of hello that stands in an environment's state."""
    deployment = (environment.get("deployments") or {}).get("hello") or {}
    return ((deployment.get("stages") or {}).get("deploy") or {}).get("version")


def until_gone(port):
    """Whether a service still answers after a while."""
    for _ in range(100):
        if service_says(port) is None:
            return False
        time.sleep(0.02)
    return True


def keep(platform, run):
    """Say where all of it can be looked at, and keep it up until somebody presses Ctrl-C."""
    title(7, "To be looked at in the console")
    print(f"the console: {platform.ready['api']}/runs/{run}")
    print(f"to come in:  SLIPWAY_HOME={platform.home} {SLIPWAY} open runs/{run}")
    print("Ctrl-C ends it, and all that it started.", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()


def tell(demo):
    """The story. Returns the run that brought the first change to production."""
    title(1, "A platform, a project, and how its changes travel")
    demo.make()
    title(2, "A commit is pushed: built, released, deployed to staging")
    path = demo.first_release()
    before = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    title(3, "Approved: it goes to production")
    demo.to_production(path)
    title(4, "A bad change fails in staging, and is taken back")
    demo.broken_change()
    title(5, "Two changes wait; the newer one goes first")
    demo.overtaken()
    title(6, "What is where, now and before")
    demo.memory(before)
    demo.one_door()
    return path.strip("/").rpartition("/")[2]


def main():
    """Exit 0 only if every step was checked."""
    began = time.monotonic()
    parser = argparse.ArgumentParser(prog="python -m examples.demo", description=__doc__)
    parser.add_argument("--cloud", nargs="?", const="", metavar="ADDRESS", help="deployed to a stand-in of AWS")
    parser.add_argument("--keep", action="store_true", help="leave it up at the end, to be looked at")
    given = parser.parse_args()
    cloud = given.cloud
    if given.keep and cloud is not None:
        parser.error("--keep is for the platform of this machine: a stack stays where it was deployed")
    folder = fresh(Path(tempfile.gettempdir()) / f"slipway-demo{'-cloud' if cloud is not None else ''}-{os.getuid()}")
    try:
        with Platform(folder) if cloud is None else Cloud(folder, cloud) as platform:
            demo = Demo(folder, platform)
            try:
                run = tell(demo)
                if given.keep:
                    keep(platform, run)
            finally:
                demo.clear()
    except Failed as failed:
        sys.exit(f"\n\033[31m✗ {failed}\033[0m\n  the demo's folder is kept: {folder}")
    fresh(folder).rmdir()
    print(f"\n\033[1;32mA change travelled from a commit to production in {time.monotonic() - began:.0f} s.\033[0m")
    if not given.keep:
        print("`make demo KEEP=1` leaves the platform up at the end, with the address of this run in its console.")


if __name__ == "__main__":
    main()
