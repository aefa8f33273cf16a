"""Tasks and pipelines from a git repository, end to end, as clients of the Deploy API deploy, run and delete them.

`make demo-tasks` runs it; it checks every step, and every view of it. With EXECUTOR=kubernetes the same story goes on
in a cluster: a fake one, whose API server is spoken to over HTTP, and whose pods are processes.
"""

import json
import os
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from examples.demo.__main__ import check, title
from examples.demo.door import STATE
from examples.demo.platform import Failed, Platform, fresh
from examples.demo.repository import Repository
from examples.demo_tasks.api import API, Tasks, eventually
from examples.demo_tasks.cluster import EXECUTORS, workplace

SERVICES = {
    "the Deploy API": (f"{API}/", "/v1/"),
    "the service": ("/hello/",),
    "State": STATE,
    "the platform": ("/api/v1/",),
}
HERE = Path(__file__).parent
ENVIRONMENT = "/api/v1/state/harbour/environments/night"
PAGES = "page 1 for Ada\npage 2 for Ada\npage 3 for Ada\n"
KILLED = 128 + signal.SIGKILL


class Demo:
    """The story, step by step."""

    def __init__(self, folder, platform, place):
        self.folder, self.platform, self.place = folder, platform, place
        self.tasks = Tasks(platform, "samples", "night")
        self.table = folder / "table.csv"
        self.began = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self.cron, self.job, self.worker, self.service = {}, {}, {}, {}

    def make(self):
        """Project, repository, and who may use it."""
        repository = Repository(self.folder)
        repository.fill(HERE / "repository")
        repository.write("night/pipeline.json", json.dumps(self.pipeline("night", "load")))
        repository.push("A task of each kind, and a pipeline")
        self.platform.slipway("project", "add", "harbour")
        known = {"url": str(repository.origin), "branch": "main", "projects": ["harbour"]}
        self.platform.ask("PUT", "/api/v1/repositories/samples", known)
        (shown,) = self.platform.ask("GET", "/api/v1/repositories")["repositories"]
        check("the repository is registered", (shown["name"], shown["projects"]) == ("samples", ["harbour"]))

    def pipeline(self, name, middle):
        """A cluster is created, used by a task, and deleted whatever became of that."""
        used = {"namespacetask": f"samples/{middle}", "env": [{"name": "TABLE", "value": str(self.table)}]}
        tasks = [
            {"name": "create", "namespacetask": "samples/create"},
            {"name": "use", "dependance": ["create"], **used},
            {"name": "report", "namespacetask": "samples/report", "dependance": ["use"]},
            {"name": "delete", "namespacetask": "samples/delete", "dependance": ["use"], "run-if-error": True},
        ]
        return {"name": name, "original": "night", "tasks": tasks}

    def job_and_cronjob(self):
        """A job runs to its end; a cron job is scheduled, and fires while the story goes on."""
        self.cron = self.tasks.once(self.tasks.deployed("minutely"), "SCHEDULED")
        job = self.job = self.tasks.once(self.tasks.deployed("report"), "SUCCEEDED")
        check("the job ended well", (job["kind"], job["exit_code"], job["project"]) == ("job", 0, "harbour"))
        check(
            "its commit is known, of its variables the names alone", (len(job["commit"]), job["env"]) == (40, ["WHO"])
        )
        check(f"what is said of it: {job['notes'] or 'nothing'}", self.place.remark in "".join(job["notes"]))
        eventually("its log is kept", lambda: self.tasks.log(job["id"]).endswith(PAGES))

    def defects(self):
        """What is wrong is said, by its place."""
        wrong = {"type": "job", "name": "wrong", "image": "x", "colour": "red"}
        said = self.refused("/v2/task/deploy/with-configuration", wrong)
        check("an unknown key is refused by its name", "MANIFEST_INVALID" in said and "colour" in said)
        circle = self.pipeline("circle", "load")
        circle["tasks"][0]["dependance"] = ["delete"]
        check("a circle is refused", "CYCLE" in self.refused("/v2/pipeline/run/with-configuration", circle))
        lost = self.tasks.once(self.tasks.deployed("nowhere"), "ERROR")
        check("a directory that is not there is told", "has no directory nowhere" in lost["message"])

    def refused(self, path, configuration):
        """What is said of a configuration that is refused."""
        fields = {"namespace": "night", "configuration": json.dumps(configuration)}
        return self.tasks.refusal("POST", f"{API}{path}", "400", fields)

    def deployment_and_service(self):
        """They run until they are deleted, and the service is reached at its prefix."""
        deployed = [self.tasks.deployed(name) for name in ("worker", "hello")]
        self.worker, self.service = (self.tasks.once(made, "AVAILABLE") for made in deployed)
        kinds = (self.worker["kind"], self.service["kind"])
        check(f"they run: {kinds}", kinds == ("deployment", "service"))
        names = sorted(pod["name"] for pod in self.service["pods"])
        check(
            f"the service has two pods: {names}", len(names) == 2 and all(name.startswith("hello-") for name in names)
        )
        self.place.has(deployments=["hello", "worker"], services=["hello"])
        eventually("the proxy reaches both by turns", lambda: {self.says()["pod"] for _ in range(4)} == set(names))

    def says(self):
        """What the service says through the proxy."""
        return self.platform.ask("GET", "/hello/")

    def killed_pod(self):
        """A pod is killed, and returns."""
        victim = self.says()
        print(f"\n\033[1m$ kill -9 {victim['process']}  # {victim['pod']}\033[0m", flush=True)
        os.kill(victim["process"], signal.SIGKILL)
        seen = self.tasks.once(self.service, "AVAILABLE", lambda state: starts_again(state, victim["pod"]))
        restarts = {pod["name"]: pod["restarts"] for pod in seen["pods"]}
        check(f"the killed pod alone was restarted: {restarts}", sum(restarts.values()) == 1)
        why = f"pod {victim['pod']}: exit code {KILLED}"
        eventually("the log says why", lambda: why in self.tasks.log(seen["id"]))
        eventually("it answers again, as another process", lambda: self.is_back(victim))
        self.platform.slipway("pods", "night")

    def is_back(self, victim):
        """Whether a pod answers as another process than before."""
        said = self.says()
        return said["pod"] == victim["pod"] and said["process"] != victim["process"]

    def failing_pipeline(self):
        """A task fails: what needs it is skipped, and what was made is cleaned up. The retry goes on from there."""
        begun = self.tasks.get("/v1/pipeline/runinas/samples/night/night/night")
        failed = self.tasks.once(begun, "FAILED")
        expected = {"create": "SUCCEEDED", "use": "FAILED", "report": "SKIPPED", "delete": "SUCCEEDED"}
        check("one task failed, the clean-up ran", (failed["in_error"], statuses(failed)) == (True, expected))
        (used,) = (task for task in failed["tasks"] if task["name"] == "use")
        eventually("the log of that task says why", lambda: "there is no table" in self.tasks.log(used["task_id"]))
        self.table.write_text("one,row\n")
        self.tasks.post(f"/v1/pipeline/retry/{begun['id']}")
        ended = self.tasks.once(begun, "SUCCEEDED")
        check("with a table all of them succeed", set(statuses(ended).values()) == {"SUCCEEDED"})
        began = [{task["name"]: task["started_at"] for task in state["tasks"]} for state in (failed, ended)]
        check("what had succeeded was kept", began[0]["create"] == began[1]["create"])

    def killed_pipeline(self):
        """A pipeline from a body is killed while a task runs, and cleans up."""
        configuration = json.dumps(self.pipeline("long", "wait"))
        begun = self.tasks.post("/v2/pipeline/run/with-configuration", namespace="night", configuration=configuration)
        self.tasks.once(begun, "RUNNING", lambda state: statuses(state)["use"] == "RUNNING")
        killed = self.tasks.post(f"/v1/pipeline/kill/{begun['id']}")
        check("a kill is taken, not waited for", killed["status"] == "KILLING")
        ended = statuses(self.tasks.once(begun, "KILLED"))
        expected = {"create": "SUCCEEDED", "use": "KILLED", "report": "SKIPPED", "delete": "SUCCEEDED"}
        check(f"what ran was stopped, the clean-up ran: {ended}", ended == expected)

    def lists(self):
        """What the Deploy API's lists say of all that."""
        eventually("the cron job has fired", self.has_fired)
        self.place.has(cronjobs=["minutely"])
        (space,) = self.tasks.get("/v1/list/namespaces")["namespaces"]
        check("one namespace", (space["name"], space["project"], space["environment"]) == ("night", "harbour", "night"))
        jobs = self.tasks.listed("jobs")
        check(
            f"jobs: {jobs}",
            jobs.items() >= {"report": "SUCCEEDED", "night-use": "SUCCEEDED", "long-use": "KILLED"}.items(),
        )
        check("the cron job", self.tasks.listed("cronJobs") == {"minutely": "SCHEDULED"})
        check("the deployment", self.tasks.listed("deployments") == {"worker": "AVAILABLE"})
        check("the service", self.tasks.listed("services") == {"hello": "AVAILABLE"})
        pipelines = {one["name"]: one["status"] for one in self.tasks.get("/v1/list/pipelines/night")["pipelines"]}
        check(f"pipelines: {pipelines}", pipelines == {"night": "SUCCEEDED", "long": "KILLED"})

    def has_fired(self):
        """Whether a job of the cron job stands among the jobs, has ended well, and has said something."""
        jobs = self.tasks.get("/v1/list/tasks/night")["jobs"]
        fired = [one for one in jobs if one["cronjob"] == "minutely" and one["status"] == "SUCCEEDED"]
        return bool(fired) and self.tasks.log(fired[0]["id"]) != ""

    def state(self):
        """What State says of the same records, now and before."""
        now, then = (self.platform.ask("GET", f"{ENVIRONMENT}/?full=true{at}") for at in ("", f"&at={self.began}"))
        stand = sorted(now["deployments"])
        check(f"State's deployments: {stand}", stand == ["hello", "worker"])
        check("they did not stand before", not then.get("deployments"))
        history = self.platform.ask("GET", f"{ENVIRONMENT}/deployments/history?deployment=hello")
        check("the service's history", [one["went_well"] for one in history] == [True])

    def command_line(self):
        """What the command line says of them."""
        said = self.prints("state", "harbour")
        check("`slipway state` has both", "worker" in said and "hello" in said)
        said = self.prints("history", "harbour", "night", "hello")
        check("`slipway history` has its deploy", "ok" in said and "admin" in said)
        said = self.prints("run", "list", "-p", "harbour", "--kind", "task-pipeline")
        check(
            "`slipway run list` has both pipelines", all(f"harbour/night/{name}#" in said for name in ("night", "long"))
        )
        said = self.prints("why", "task-pipeline:harbour/night/long")
        check("`slipway why` tells of the killed pipeline", "cancelled" in said)
        said = self.prints("pods", "--log", self.worker["id"])
        check("`slipway pods --log` has what the deployment says", "waiting for work" in said)

    def prints(self, *arguments):
        """What a command prints, which is shown."""
        print(f"\n\033[1m$ slipway {' '.join(arguments)}\033[0m", flush=True)
        text = self.platform.slipway(*arguments, show=False).stdout
        print(text.rstrip(), flush=True)
        return text

    def deletions(self):
        """What is deleted is gone from everywhere."""
        process = self.says()["process"]
        kinds = [gone["kind"] for gone in self.tasks.delete("service", "hello")]
        check("a service goes with its deployment", kinds == ["service", "deployment"])
        eventually("the process that answered has ended", lambda: not is_there(process))
        eventually("the proxy knows it no more", lambda: self.tasks.refusal("GET", "/hello/", "404"))
        self.tasks.delete("deployment", "worker")
        self.tasks.delete("cronjob", "minutely")
        self.tasks.delete("job", "report")
        for made in (self.worker, self.service, self.cron, self.job):
            self.tasks.once(made, "DELETED")
        left = [self.tasks.listed(kind) for kind in ("cronJobs", "deployments", "services")]
        check("none of them is listed", left == [{}, {}, {}] and "report" not in self.tasks.listed("jobs"))
        stand = self.platform.ask("GET", f"{ENVIRONMENT}/?full=true").get("deployments")
        check("nothing stands in State", not stand)
        self.place.has(deployments=[], services=[], secrets=[])


def statuses(pipeline):
    """What became of each task of a pipeline."""
    return {task["name"]: task["status"] for task in pipeline["tasks"]}


def starts_again(task, name):
    """Whether a pod was restarted and is ready again."""
    (pod,) = (one for one in task["pods"] if one["name"] == name)
    return pod["restarts"] == 1 and pod["containers"][0]["ready"]


def is_there(process):
    """Whether a process runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def tell(demo):
    """The story."""
    title(1, "A repository with a task of each kind, and a pipeline")
    demo.make()
    title(2, "A cron job is scheduled, a job runs to its end")
    demo.job_and_cronjob()
    demo.defects()
    title(3, "A deployment and a service run, and are reached")
    demo.deployment_and_service()
    title(4, "A pod is killed, and returns")
    demo.killed_pod()
    title(5, "A pipeline fails, cleans up and is tried again; another one is killed")
    demo.failing_pipeline()
    demo.killed_pipeline()
    title(6, "Every view of it")
    demo.lists()
    demo.state()
    demo.command_line()
    title(7, "What is deleted is gone")
    demo.deletions()


def main():
    """Exit 0 only if every step was checked."""
    began, executor = time.monotonic(), sys.argv[1] if len(sys.argv) > 1 else EXECUTORS[0]
    if executor not in EXECUTORS:
        sys.exit(f"{executor} is none of {', '.join(EXECUTORS)}")
    folder = fresh(Path(tempfile.gettempdir()) / f"slipway-demo-tasks-{os.getuid()}")
    try:
        with workplace(executor, folder) as place, Platform(folder, SERVICES, place.settings) as platform:
            tell(Demo(folder, platform, place))
    except Failed as failed:
        sys.exit(f"\n\033[31m✗ {failed}\033[0m\n  the demo's folder is kept: {folder}")
    fresh(folder).rmdir()
    print(f"\n\033[1;32mFour kinds of task and two pipelines ran in {time.monotonic() - began:.0f} s.\033[0m")


if __name__ == "__main__":
    main()
