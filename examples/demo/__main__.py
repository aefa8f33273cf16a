"""The main job, end to end: a change travels from a commit to production. `make demo` runs it; it checks every step."""

import contextlib
import os
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from examples.demo.platform import Failed, Platform, free_port, fresh, service_says
from examples.demo.repository import Repository

HERE = Path(__file__).parent
PIPELINE = "shop/release"
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
        address = f"file://{self.repository.origin}"
        slipway("repo", "add", "shop", "hello", address)
        self.platform.ask(
            "POST",
            "/api/v1/state/shop/environments/staging/builds/",
            {
                "name": "hello",
                "repo": "hello",
                "branch": "main",
                "steps": [
                    {"run_deploy": False, "run_smoke": False, "run_destroy": False, "variables": {"directory": ".run"}}
                ],
            },
        )
        for environment, port in self.ports.items():
            inputs = {"port": port, "directory": str(self.folder / environment)}
            body = {
                "deployment": "hello",
                "environment": environment,
                "release": "demo/hello",
                "version": "latest",
                "inputs": inputs,
            }
            self.platform.ask("POST", "/api/v1/deployment-jobs/by-project/shop/add", body)
        slipway("pipeline", "add", "shop", "-f", str(HERE / "pipeline.yaml"))
        build = self.platform.ask("GET", "/api/v1/state/shop/environments/staging/builds/by-name/hello/")
        self.repository.tell(
            f"{self.platform.ready['api']}/api/v1/state/shop/environments/staging/builds/webhook/{build['webhook_token']}"
        )
        check("the pipeline is there", "release" in self.platform.ask("GET", "/api/v1/pipelines/by-project/shop/"))

    def runs(self):
        """The runs of the pipeline, newest first."""
        return self.platform.ask("GET", "/api/v1/projects/shop/runs?kind=pipeline")

    def pushed(self, message, number):
        """The pipeline's run that a push leads to."""
        self.repository.push(message)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = [run for run in self.runs() if run["run_nr"] == number]
            if found:
                return found[0]["id"]
            time.sleep(0.1)
        raise Failed(f"push {message!r} started no run of the pipeline")

    def run(self, run_id):
        """A run as it is now."""
        return self.platform.ask("GET", f"/api/v1/runs/{run_id}")

    def at_gate(self, run_id):
        """The run, once it waits for a person."""
        self.platform.slipway("run", "watch", run_id, "--until", "go")
        run = self.run(run_id)
        check(
            "the run waits for approval",
            any(
                node["name"] == "go" and node["phase"] == "waiting-person"
                for stage in run["stages"]
                for node in stage["nodes"]
            ),
        )
        return run

    def first_release(self):
        """Commit, push, build, staging, approval, production."""
        self.repository.fill(HERE.parent / "hello")
        run_id = self.pushed("Say hello", 1)
        run = self.at_gate(run_id)
        check("the release is built, registered and uploaded", run["releases"] == ["demo/hello-v0.1.0"])
        said = service_says(self.ports["staging"])
        check(f"staging answers with version {said and said['version']}", said and said["version"] == "0.1.0")
        check("production does not answer yet", service_says(self.ports["production"]) is None)
        self.platform.slipway("run", "logs", run_id, "smoke")
        return run_id

    def approve(self, run_id):
        """The first change reaches production."""
        self.platform.slipway("run", "approve", run_id, "--notes", "staging looks good")
        self.platform.slipway("run", "watch", run_id)
        said = service_says(self.ports["production"])
        check(f"production answers {said}", said and said["version"] == "0.1.0" and said["environment"] == "production")
        tags = self.platform.ask("GET", "/api/v1/inventory/demo/units/hello/tags/")
        check(f"the release is tagged: {tags}", tags == {"production": "0.1.0"})

    def broken_change(self):
        """A change that fails its smoke test in staging goes no further, and is taken back there."""
        self.repository.write("greeting.txt", "\n")
        run_id = self.pushed("Forget the greeting", 2)
        self.platform.slipway("run", "watch", run_id, expected=(1,))
        run = self.run(run_id)
        check(f"the run failed: {run['reason']}", run["phase"] == "failed" and "smoke" in run["reason"])
        check("staging is not well", service_says(self.ports["staging"], "/health") is None)
        check("production stays as it was", service_says(self.ports["production"])["version"] == "0.1.0")
        self.platform.slipway("deploy", "shop", "staging", "hello", "--version", "0.1.0")
        check("staging is back at 0.1.0", service_says(self.ports["staging"])["version"] == "0.1.0")

    def overtaken(self):
        """Two runs; the newer passes the gate first."""
        self.repository.write("greeting.txt", "good day\n")
        older = self.pushed("Say good day", 3)
        self.at_gate(older)
        self.repository.write("greeting.txt", "good evening\n")
        newer = self.pushed("Say good evening", 4)
        self.at_gate(newer)
        self.platform.slipway("run", "approve", newer)
        self.platform.slipway("run", "watch", newer)
        self.platform.slipway("run", "show", older)
        run = self.run(older)
        check(f"the older run is superseded: {run['reason']}", run["phase"] == "superseded" and newer in run["reason"])
        check("production says good evening", service_says(self.ports["production"])["greeting"] == "good evening")

    def memory(self, before):
        """What is where now, and what was where then."""
        self.platform.slipway("state", "shop")
        self.platform.slipway("state", "shop", "--at", before)
        now = self.platform.ask("GET", "/api/v1/state/shop/environments/production/?full=true")
        then = self.platform.ask("GET", f"/api/v1/state/shop/environments/production/?full=true&at={before}")
        check("production has version 0.1.3 now", version_in(now) == "0.1.3")
        check("production had nothing before the first approval", version_in(then) is None)

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


def tell(demo):
    """The story."""
    title(1, "A platform, a project, and how its changes travel")
    demo.make()
    title(2, "A commit is pushed: built, released, deployed to staging")
    run_id = demo.first_release()
    before = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    title(3, "Approved: it goes to production")
    demo.approve(run_id)
    title(4, "A bad change fails in staging, and is taken back")
    demo.broken_change()
    title(5, "Two changes wait; the newer one goes first")
    demo.overtaken()
    title(6, "What is where, now and before")
    demo.memory(before)


def main():
    """Exit 0 only if every step was checked."""
    began = time.monotonic()
    folder = fresh(Path(tempfile.gettempdir()) / f"slipway-demo-{os.getuid()}")
    try:
        with Platform(folder) as platform:
            demo = Demo(folder, platform)
            try:
                tell(demo)
            finally:
                demo.clear()
    except Failed as failed:
        sys.exit(f"\n\033[31m✗ {failed}\033[0m\n  the demo's folder is kept: {folder}")
    fresh(folder).rmdir()
    print(f"\n\033[1;32mA change travelled from a commit to production in {time.monotonic() - began:.0f} s.\033[0m")


if __name__ == "__main__":
    main()
