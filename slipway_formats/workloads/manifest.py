"""A workload's manifest.json: what it says, as a record. manifest_reader.py reads one, with every defect."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from slipway_formats.frozen import frozen


class WorkloadKind(StrEnum):
    """Kinds of workloads. A manifest says `job` of a cronjob too: its schedule tells them apart."""

    JOB = "job"
    CRONJOB = "cronjob"
    DEPLOYMENT = "deployment"
    SERVICE = "service"


LASTING = frozenset({WorkloadKind.DEPLOYMENT, WorkloadKind.SERVICE})
"""Kinds whose pods are kept running."""


class PullPolicy(StrEnum):
    """When an executor that runs images pulls one."""

    ALWAYS = "Always"
    IF_NOT_PRESENT = "IfNotPresent"
    NEVER = "Never"


class ConcurrencyPolicy(StrEnum):
    """What a cronjob does when it fires while a job of it is running."""

    ALLOW = "Allow"
    FORBID = "Forbid"
    REPLACE = "Replace"


class Strategy(StrEnum):
    """How an update takes the place of what runs, in Kubernetes' words: once it is ready, or after that has stopped."""

    ROLLING_UPDATE = "RollingUpdate"
    RECREATE = "Recreate"


@frozen
class SecretReference:
    """A variable whose value is a secret. secret, key: where it is kept."""

    name: str
    secret: str
    key: str = ""


@frozen
class Published:
    """Where and for whom a service is published. access: a group; blank for whoever may read the project.

    prefix: begins and ends with a slash. rewrite: stands in its place in what the service is asked; blank for `/`.
    """

    prefix: str
    access: str = ""
    rewrite: str = ""
    timeout_ms: int = 6000
    sticky_sessions: bool = False
    bypass_auth: bool = False


@frozen
class Manifest:
    """What a manifest says. Quantities are as written, or blank; quantity.py reads them.

    image_destination: an image to build from the directory. retries: further attempts at a job.
    timeout_seconds: 0 for none. container_port: 0 for none.
    """

    kind: WorkloadKind
    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    image: str = ""
    image_destination: str = ""
    image_pull_policy: PullPolicy = PullPolicy.IF_NOT_PRESENT
    cmd: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[SecretReference, ...] = ()
    cpu_request: str = ""
    cpu_limit: str = ""
    memory_request: str = ""
    memory_limit: str = ""
    schedule: str = ""
    concurrency_policy: ConcurrencyPolicy = ConcurrencyPolicy.ALLOW
    retries: int = 0
    timeout_seconds: int = 0
    replicas: int = 1
    strategy: Strategy = Strategy.ROLLING_UPDATE
    container_port: int = 0
    published: Published | None = None
