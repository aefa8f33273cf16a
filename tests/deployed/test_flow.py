"""Functions, queues, tables and APIs of the stack work together: a pipeline is taken through it, by a runner."""

import json
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.deployed.stack import Stack
from tests.packages import a_package_file
from tests.walks.api import Ask, Json, eventually, node, script, told
from tests.walks.wiretap import Wiretap, listening

PROJECT = "flow"
PATIENCE = 150
BUILDS = f"/api/v1/state/{PROJECT}/environments/staging/builds"


@pytest.fixture(scope="module")
def place(stack: Stack) -> Stack:
    """The stack, with the project of this module and a runner."""
    stack.project(PROJECT, "staging")
    stack.runner("flow", "default")
    return stack


@pytest.fixture(scope="module", autouse=True)
def forgotten(place: Stack) -> tuple[str, datetime]:
    """A run whose message was lost: a minute later the sweep must have found it."""
    wait = {"name": "pause", "type": "wait", "seconds": 20}
    place.pipeline(PROJECT, "forgotten", [{"name": "only", "steps": [wait]}])
    run = place.trigger(PROJECT, "forgotten")
    queues = place.session.client("sqs")
    timers = queues.get_queue_url(QueueName=f"{place.prefix}timers")["QueueUrl"]
    eventually(lambda: delayed_in(queues, timers))
    queues.purge_queue(QueueUrl=timers)
    assert delayed_in(queues, timers) == 0
    return run, datetime.now(UTC)


def test_a_run_waits_at_its_gate_and_is_done_by_a_runner_once_it_is_approved(place: Stack) -> None:
    gate = {"name": "go", "type": "approval"}
    place.pipeline(PROJECT, "gated", [{"name": "only", "gates": [gate], "steps": [script("say", "echo hello")]}])
    run = place.trigger(PROJECT, "gated")
    place.until(run, lambda found: node(found, "go")["began_at"])

    assert place.decide(run, "approve").status == 200

    ended = place.ended(run)
    assert ended["phase"] == "succeeded", told(ended)
    log = place.get(f"/api/v1/job-logs/{node(ended, 'say')['log']}")
    assert "hello" in text_of(log)


def test_a_log_is_seen_over_the_websocket_while_it_grows(place: Stack, tmp_path: Path) -> None:
    place.post(f"/api/v1/state/{PROJECT}/add-namespace", {"name": "live"})
    build = {"name": "talk", "repo": str(repository(tmp_path)), "branch": "main", "steps": [{}]}
    place.post(f"{BUILDS}/", build)
    execution = f"{BUILDS}/by-name/talk/executions/{place.post(f'{BUILDS}/by-name/talk/trigger-build')['id']}"
    eventually(lambda: "begun" in text_of(place.get(f"{execution}/logs")))

    offered = place.get(f"{execution}/logs_ws")
    with connect(offered["url"], ping_interval=None, open_timeout=PATIENCE) as socket:
        (tmp_path / "enough").touch()
        said, end = heard(socket)

    assert said == place.get(f"{execution}/logs")
    assert "done" in text_of(said)
    assert end == {"head": len(said), "sealed": True}


@pytest.fixture(scope="module")
def idle(place: Stack) -> Iterator[Wiretap]:
    """What a runner asks that has nothing to do."""
    with listening(place.stand_in.port) as tap:
        place.runner("idle", "idle", tap.api)
        yield tap


def test_an_idle_runner_asks_seldom_and_one_is_woken_for_a_job_that_waits(place: Stack, idle: Wiretap) -> None:
    place.pipeline(PROJECT, "quick", [{"name": "only", "steps": [script("say", "echo hello")]}])
    eventually(lambda: place.ports.viewers.of_run("pool/default"), PATIENCE)
    assert place.ended(place.trigger(PROJECT, "quick"))["phase"] == "succeeded", "its functions are warm now"
    eventually(lambda: place.ports.viewers.of_run("pool/idle"), PATIENCE)
    before = len(idle.asked)
    # The last request of both found nothing, and the next one is 45 s away.
    time.sleep(3)

    run = place.trigger(PROJECT, "quick")
    # Who asks meanwhile makes the stand-in start more functions.
    time.sleep(6)
    # One as it is connected, and one in 45 s: without pauses it were seven a second.
    assert idle.asked[before:].count(f"{urlsplit(place.address).path}/api/v1/jobs/lease") <= 2

    ended = place.ended(run)
    assert ended["phase"] == "succeeded", told(ended)
    job = node(ended, "say")["log"]
    (first, *_) = place.get(f"/api/v1/job-logs/{job}")
    waited = datetime.fromisoformat(first["at"]) - place.ports.jobs.job(job).created_at
    # Two calls of functions take a second, or a dozen on a busy machine; not woken it would ask after 40.
    assert waited < timedelta(seconds=25), f"{waited} from queued to its first word"


def test_a_webhook_is_called_within_seconds_of_what_occurred(place: Stack) -> None:
    # Nobody answers there: what counts is when it is tried.
    webhook = {"url": "https://hooks.invalid/in", "kinds": ["run.began"]}
    made = place.post(f"/api/v1/webhooks?project={PROJECT}", webhook)["id"]
    place.pipeline(PROJECT, "told", [{"name": "only", "steps": [{"name": "done", "type": "noop"}]}])
    deliveries = f"/api/v1/webhooks/{made}/deliveries?project={PROJECT}"

    # The second finds functions warm. Where the sweep called the first, the second would wait a minute for the next.
    runs, tried = list[str](), list[Json]()
    for count in (1, 2):
        runs.append(place.trigger(PROJECT, "told"))
        tried = eventually(partial(attempted, place, deliveries, count), PATIENCE)
    place.asks(Ask(method="DELETE", path=f"/api/v1/webhooks/{made}?project={PROJECT}"))

    assert tried[0]["event"]["subject"] == runs[1]
    waited = datetime.fromisoformat(tried[0]["attempts"][0]["at"]) - datetime.fromisoformat(tried[0]["event"]["time"])
    assert waited < timedelta(seconds=15), f"{waited} from what occurred to its first call"


def attempted(place: Stack, path: str, count: int) -> list[Json]:
    """The deliveries of a webhook, newest first, once so many were tried."""
    items: list[Json] = place.get(path)["items"]
    return items if sum(bool(one["attempts"]) for one in items) == count else []


def test_what_no_message_speaks_of_is_found_by_the_sweep_of_the_schedule(
    place: Stack, forgotten: tuple[str, datetime]
) -> None:
    run, since = forgotten

    ended = place.ended(run, 150)

    assert ended["phase"] == "succeeded"
    assert datetime.fromisoformat(ended["ended_at"]) - since < timedelta(seconds=120)


def test_a_package_over_4_mb_is_sent_another_way_as_the_answer_says(place: Stack) -> None:
    release = {"name": "app", "version": "1.0", "project": PROJECT}
    place.post(f"/api/v1/inventory/{PROJECT}/register", release)
    package = a_package_file(content=b"x" * 4_300_000)
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="app-v1.0.tgz"\r\n\r\n'
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    path = f"/api/v1/inventory/{PROJECT}/units/app/versions/v1.0/upload"

    answer = place.asks(Ask(method="POST", path=path, raw=head + package + b"\r\n--b--\r\n", headers=form))

    assert answer.status == 413, answer
    assert "`slipway release upload`" in answer.text


def delayed_in(queues: Any, url: str) -> int:  # noqa: ANN401 - boto3 has no types
    """How many messages of a queue wait for their time."""
    name = "ApproximateNumberOfMessagesDelayed"
    return int(queues.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name])


def repository(folder: Path) -> Path:
    """A repository whose build talks until it is told that it is enough."""
    made = folder / "talk"
    made.mkdir()
    (made / "escape.yml").write_text("name: live/talk\nversion: 0.1.@\nincludes: [talk.sh]\nbuild: talk.sh\n")
    (made / "talk.sh").write_text(f"echo begun; until [ -e {folder}/enough ]; do sleep 0.1; done; echo done\n")
    (made / "talk.sh").chmod(0o755)
    who = ("-c", "user.name=walk", "-c", "user.email=walk@example.com")
    for words in (("init", "--quiet", "-b", "main"), ("add", "."), (*who, "commit", "--quiet", "-m", "talk")):
        subprocess.run(["git", *words], cwd=made, check=True)
    return made


def text_of(chunks: list[Json]) -> str:
    return "".join(chunk["text"] for chunk in chunks)


def heard(socket: ClientConnection) -> tuple[list[Json], Json]:
    """All chunks until the end, and the word of the end."""
    chunks: list[Json] = []
    while not isinstance(message := json.loads(socket.recv(PATIENCE)), dict):
        chunks.extend(message)
    return chunks, message
