"""A platform in memory: jobs, leases and logs by the real rules. Its HTTP server lives in api."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

TOKEN = "sw_runner"
SOON = 60.0
"""Seconds after which a test is given up, for a machine under load."""

Json = dict[str, Any]
Answer = tuple[int, object]


@dataclass
class FakeJob:
    """A job as the platform keeps it. is_promised: its runner says when it begins.

    began_at: when that was first heard; 0 before.
    """

    id: str
    kind: str
    ask: Json
    project: str = "web"
    timeout: float | None = None
    phase: str = "waiting"
    cancel: bool = False
    number: int = 0
    token: str = ""
    nonce: str = ""
    until: float = 0.0
    runner: str = ""
    ending: dict[str, Any] = field(default_factory=dict)
    log: list[Json] = field(default_factory=list)
    beats: int = 0
    pieces: int = 0
    is_promised: bool = False
    began_at: float = 0.0
    returns: int = 0
    late: int = 0

    @property
    def said(self) -> list[str]:
        """The lines of its log."""
        return "".join(chunk["text"] for chunk in self.log).splitlines()

    @property
    def outcome(self) -> str:
        """How it ended; blank before."""
        return str(self.ending.get("outcome", ""))


class RefusedError(Exception):
    """A request that is answered so."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


@dataclass
class Platform:
    """Jobs by id. calls: every path asked, in order. more: answers of further paths, by method and path's beginning.

    takes_all: heartbeats of several leases by one call. lasts: the seconds that each is said to be held from then on.

    pace: of logs. wakes: where a WebSocket tells of jobs.

    begins: what a finish brings has begun with its answer, if the runner promises it; not so where it is older.

    renews_by_logs: an append says what a heartbeat does.

    holds: an empty answer waits as long as asked, as Lambda's does not. waits, labels: of every request for work.

    broken, mute: how many calls of paths that end so are answered 503, and done without an answer.
    """

    lease_seconds: float = 25.0
    jobs: dict[str, FakeJob] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    more: dict[tuple[str, str], Callable[[str, object], Answer]] = field(default_factory=dict)
    broken: dict[str, int] = field(default_factory=dict)
    mute: dict[str, int] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)
    token: str = TOKEN
    holds: bool = True
    takes_all: bool = True
    lasts: float = 25.0
    wakes: str | None = None
    begins: bool = False
    renews_by_logs: bool = False
    pace: float = 0.2
    again_in: float | None = None
    waits: list[float] = field(default_factory=list)
    labels: list[dict[str, str] | None] = field(default_factory=list)

    def add(self, kind: str, timeout: float | None = None, project: str = "web", **ask: object) -> FakeJob:
        """A job that waits for a runner."""
        with self.changed:
            job = FakeJob(id=f"r1.1.s{len(self.jobs) + 1}.1", kind=kind, ask=ask, timeout=timeout, project=project)
            self.jobs[job.id] = job
            self.changed.notify_all()
        return job

    def script(self, text: str, timeout: float | None = None, project: str = "web", **ask: object) -> FakeJob:
        """A script that waits for a runner."""
        return self.add("script", timeout, project, **{"script": text, "environment": {}, "secrets": {}, **ask})

    def wait(self, condition: Callable[[], object], seconds: float = SOON) -> None:
        """Until it is so; fails when it does not become so."""
        with self.changed:
            deadline = time.monotonic() + seconds
            while not condition():
                assert time.monotonic() < deadline, "not in time"
                self.changed.wait(0.02)

    def let_go(self) -> None:
        """Answer whoever waits for a job now, and hold nobody from now on."""
        with self.changed:
            self.holds = False
            self.changed.notify_all()

    def await_end(self, *jobs: FakeJob, seconds: float = SOON) -> None:
        """Until the jobs have ended."""
        self.wait(lambda: all(job.phase == "ended" for job in jobs), seconds)

    def count(self, ending: str) -> int:
        """How many calls were to paths that end so."""
        return sum(call.endswith(ending) for call in self.calls)

    def answer(self, method: str, path: str, body: object, token: str) -> Answer:
        """What the platform says."""
        with self.changed:
            self.calls.append(f"{method} {path}")
            for ending, left in self.broken.items():
                if path.endswith(ending) and left > 0:
                    self.broken[ending] -= 1
                    return 503, {"message": "too busy", "errors": []}
        for (known, start), act in self.more.items():
            if known == method and path.startswith(start):
                return act(path, body)
        if token != f"Bearer {self.token}":
            return 401, {"message": "this token does not hold", "errors": []}
        try:
            return 200, self._answer(method, path, body if isinstance(body, dict) else {})
        except RefusedError as refused:
            return refused.status, {"message": refused.message, "errors": []}
        finally:
            with self.changed:
                self.changed.notify_all()

    def is_mute(self, path: str) -> bool:
        """Whether this answer is lost."""
        for ending, left in self.mute.items():
            if path.endswith(ending) and left > 0:
                self.mute[ending] -= 1
                return True
        return False

    def _answer(self, method: str, path: str, body: Json) -> object:
        match method, path.partition("?")[0].split("/")[3:]:
            case "POST", ["jobs", "lease"]:
                self.waits.append(body["wait"])
                self.labels.append(body.get("labels"))
                leases = self._leases(body, body["wait"] if self.holds else 0)
                return {"leases": leases, **({"again_in": self.again_in} if self.again_in is not None else {})}
            case "POST", ["jobs", "heartbeats"] if self.takes_all:
                with self.changed:
                    return {"leases": [self._beat(one) for one in body["leases"]], "lease_seconds": 25}
            case "POST", ["jobs", "logs"] if self.takes_all:
                with self.changed:
                    return {"logs": [log for one in body["appends"] for log in self._append(one)]}
            case "POST", ["jobs", "wakes"]:
                return {"url": self.wakes, "expires_at": None}
            case "GET", ["job-logs", job]:
                log = [{"seq": seq, **chunk} for seq, chunk in enumerate(self.jobs[job].log, start=1)]
                return log[int(path.partition("after=")[2]) :]
            case "POST", ["jobs", job, verb] if job in self.jobs:
                with self.changed:
                    answer: Json = getattr(self, f"_{verb}")(self.jobs[job], body)
                    return answer
        raise RefusedError(404, "no such path")

    def _leases(self, body: Json, wait: float) -> list[Json]:
        deadline = time.monotonic() + wait
        with self.changed:
            known = [job for job in self.jobs.values() if job.phase == "leased" and job.nonce == body["nonce"]]
            while not (taken := known or self._taken(body)) and self.holds and time.monotonic() < deadline:
                self.changed.wait(deadline - time.monotonic())
            return [self._lease(job) for job in taken]

    def _taken(self, body: Json) -> list[FakeJob]:
        wanted = [job for job in self.jobs.values() if job.project not in body.get("without", ())]
        waiting = [job for job in wanted if job.phase == "waiting"][: body["slots"]]
        for job in waiting:
            job.phase, job.number, job.nonce, job.runner = "leased", job.number + 1, body["nonce"], body["runner"]
            job.token = hashlib.sha256(f"{job.nonce}/{job.id}".encode()).hexdigest()
            job.until, job.is_promised = time.monotonic() + self.lease_seconds, body["says_began"]
        return waiting

    def _lease(self, job: FakeJob) -> Json:
        shown = {
            "id": job.id, "run": "r1", "kind": job.kind, "project": job.project, "environment": "ci", "name": "job",
            "attempt": 1, "timeout_seconds": job.timeout, "ask": job.ask,
            "access_token": "sw_job" if job.kind != "script" or job.ask.get("api_token") else "",
        }  # fmt: skip
        told = {"began": False} if self.begins else {}
        return {"job": shown, "token": job.token, "number": job.number, "lease_seconds": 25, **told}

    def _require(self, job: FakeJob, body: Json) -> None:
        mine = (job.token, job.number) == (body["token"], body["number"])
        if job.phase != "leased" or not mine or job.until <= time.monotonic():
            job.late += 1
            raise RefusedError(409, f"the lease {body['number']} of job {job.id} is lost")

    def _heartbeat(self, job: FakeJob, body: Json) -> Json:
        self._require(job, body)
        job.beats += 1
        if body["began"]:
            # The heart beats on, and says it again.
            job.began_at = job.began_at or time.time()
        job.until = time.monotonic() + self.lease_seconds
        return {"cancel": job.cancel, "lease_seconds": 25}

    def _beat(self, body: Json) -> Json:
        told = {"job": body["job"], "number": body["number"], "lost": "", "cancel": False, "lasts": 0}
        try:
            answer = self._heartbeat(self.jobs[body["job"]], body)
        except RefusedError as refused:
            return {**told, "lost": str(refused)}
        return {**told, "cancel": answer["cancel"], "lasts": self.lasts}

    def _logs(self, job: FakeJob, body: Json) -> Json:
        self._require(job, body)
        after, chunks = body["from"], body["chunks"]
        assert len(chunks) <= 500
        if not chunks:
            return {"head": len(job.log), **self._renewed(job)}
        if job.log[after : after + len(chunks)] == chunks:
            return {"head": after + len(chunks), **self._renewed(job)}
        if len(job.log) != after:
            raise RefusedError(409, f"the log is at {len(job.log)}")
        job.log.extend(chunks)
        job.pieces += 1
        return {"head": len(job.log), **self._renewed(job)}

    def _renewed(self, job: FakeJob) -> Json:
        if not self.renews_by_logs:
            return {"again_in": self.pace}
        job.until = time.monotonic() + self.lease_seconds
        return {"again_in": self.pace, "lease_seconds": 25, "lasts": self.lasts, "cancel": job.cancel}

    def _append(self, body: Json) -> list[Json]:
        try:
            return [{"job": body["job"], "number": body["number"], **self._logs(self.jobs[body["job"]], body)}]
        except RefusedError:
            return []

    def _finish(self, job: FakeJob, body: Json) -> Json:
        if not self.begins and body.keys() & {"begins_next", "silent"}:
            raise RefusedError(400, "unknown fields")
        if job.ending.get("nonce") != body["nonce"]:
            self._require(job, body)
            if sum(len(name) + len(value) for name, value in body.get("outputs", {}).items()) > 1024:
                raise RefusedError(400, "outputs: over 1024 characters in all")
            job.ending, job.phase = body, "ended"
        leases = self._leases(body["lease_next"], 0) if "lease_next" in body else []
        for lease in leases if self.begins and body.get("begins_next") else ():
            lease["began"], self.jobs[lease["job"]["id"]].began_at = True, time.time()
        return {"leases": leases}

    def _return(self, job: FakeJob, body: Json) -> Json:
        self._require(job, body)
        job.phase, job.returns = "waiting", job.returns + 1
        return {}
