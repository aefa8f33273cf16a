"""A stack that was deployed to a stand-in of AWS, with IAM on: asked over HTTP, and looked at as its operator does."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3

from chalicelib.use_cases.ports.bundle import Ports
from infra.deploy import operator
from infra.rehearsal.stand_in import StandIn, environment_of
from tests.walks.api import Api

ROOT = Path(__file__).parents[2]
ROLE = re.compile(r"[a-z]+-[A-Za-z]+Role-\w+")
"""The name of a role that CloudFormation made for a function: of stack, resource and chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of IAM: what a role asked for, and what became of it."""

    role: str
    action: str
    resource: str
    decision: str

    @property
    def function(self) -> str:
        """The function whose role it is: `api`, `advance`."""
        return self.role.split("-")[-2].removesuffix("Role").removesuffix("Handler").lower()


@dataclass(kw_only=True)
class Stack(Api):
    """A stack by its prefix. outputs: as CloudFormation tells them."""

    stand_in: StandIn
    prefix: str
    outputs: Mapping[str, str]
    token: str = ""
    runners: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return self.outputs["PublicUrl"]

    @property
    def admin_token(self) -> str:
        return self.token

    @cached_property
    def session(self) -> Any:  # noqa: ANN401 - boto3 has no types
        """A session of boto3 whose clients reach the stand-in."""
        return session_at(self.stand_in.address)

    @cached_property
    def ports(self) -> Ports:
        """The ports on its tables."""
        return operator.ports(self.session, self.prefix)

    def is_own(self, physical: str) -> bool:
        """Whether something of this name that CloudFormation gave is of this stack."""
        return physical.startswith(self.prefix)

    def log_of(self, function: str) -> list[str]:
        """The lines of a function's log."""
        group = f"/aws/lambda/{self.prefix}{function}"
        pages = self.session.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
        return [event["message"] for page in pages for event in page["events"]]

    def runner(self, name: str, pool: str, way: str = "") -> subprocess.Popen[bytes]:
        """A runner of a pool. way: the address by which it asks, in place of the stand-in's."""
        api = self.address.replace(self.stand_in.address, way) if way else self.address
        told = {"SLIPWAY_API": api, "SLIPWAY_TOKEN": self.token, "SLIPWAY_SANDBOX": "never"}
        told |= {"SLIPWAY_LOCAL_REPOSITORIES": "1"}
        words = [sys.executable, "-m", "slipway.runner", "--name", name, "--pool", pool]
        words += ["--work", str(self.stand_in.folder / f"work-{name}"), "--grace", "1"]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SLIPWAY_"))}
        with (self.stand_in.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(words, env=clean | told, stdout=log, stderr=log)
        self.runners.append(process)
        return process

    def end(self) -> None:
        """End its runners."""
        for process in self.runners:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.runners:
            process.wait(60)


def session_at(address: str) -> Any:  # noqa: ANN401 - boto3 has no types
    """A session of boto3 whose clients reach a stand-in."""
    told = environment_of(address)
    session = boto3.session.Session(
        aws_access_key_id=told["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=told["AWS_SECRET_ACCESS_KEY"],
        region_name=told["AWS_REGION"],
    )
    session.client = _at(session.client, address)
    return session


def _at(client: Any, address: str) -> Any:  # noqa: ANN401 - boto3 has no types
    return lambda service, **more: client(service, endpoint_url=address, **more)


def deployed(stand_in: StandIn, prefix: str, *parameters: str) -> Stack:
    """A stack that `make deploy` makes, with its first token."""
    words = [sys.executable, "-m", "infra.deploy", prefix, *parameters, "--stack", prefix.rstrip("-"), "--token"]
    env = {**os.environ, **environment_of(stand_in.address)}
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    outputs = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    return Stack(stand_in=stand_in, prefix=prefix, token=outputs.pop("token"), outputs=outputs)


def checks_in(stand_in: StandIn) -> Iterator[Check]:
    """What functions of all stacks were checked for so far."""
    for line in stand_in.record.read_text().splitlines():
        role, action, resource, decision = json.loads(line)
        if ROLE.fullmatch(role):
            yield Check(role=role, action=action, resource=resource, decision=decision)
