"""A build and what it is asked for with, as a plan of one job; and which of its steps a push concerns."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace

from chalicelib.kernel import codec, names
from chalicelib.kernel.definitions.compile_pipeline import snapshot
from chalicelib.kernel.definitions.definition import BuildDefinition, ref_of
from chalicelib.kernel.definitions.run_request import RunRequest, plan_of
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans import check as plan_check
from chalicelib.kernel.plans.plan import Node, Plan, Stage
from chalicelib.kernel.plans.work import Job, JobKind
from slipway_formats import glob
from slipway_formats.build_step import BuildStep, due_places
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen
from slipway_formats.git_address import is_branch, is_commit, secret_defects
from slipway_formats.secret_address import address_defects

STAGE, NODE = "p1", "s1"
"""The keys of the one stage and the one node of a build's and a deployment job's plan."""

SECRET_NAMES = "secret_names"  # noqa: S105 - the name of a field
"""In a job's ask: names of secrets by the fields that a runner gets them in. No plan holds a secret."""

SECRET_INPUTS = "secret_inputs"  # noqa: S105 - the name of a field
"""In a job's ask: by a field that holds inputs, the names of the secrets of those that are given so, by their names."""

SENSITIVE = "sensitive"
"""In a job's ask, and a plan's snapshot: names of inputs that nobody may read, besides those that the release names."""

SERVICE_ACCOUNT = "service_account"
"""In a job's ask: as which service account it asks the platform; as nobody in particular where none is named."""

MAX_CHANGED_FILES = 1000
"""So many are told to the runner; of more, none: then everything counts as changed."""


_ADDRESS = re.compile(r"https?://[^\s/]+(/\S*)?")


@frozen
class Source:
    """What is built. url: of the repository. private_key, password: names of secrets. commit: empty for the newest.

    changed_files: None if not known. author, message: of the commit, if known.
    """

    url: str
    branch: str = ""
    commit: str = ""
    username: str = ""
    private_key: str = ""
    password: str = ""
    changed_files: tuple[str, ...] | None = None
    author: str = ""
    message: str = ""


def compile_build(build: BuildDefinition, source: Source, ask: RunRequest) -> Plan:
    """Compile a build to the plan of one run. Faults: Invalid."""
    if defects := source_defects(source):
        raise Invalid(defects)
    node = Node(key=NODE, name=build.name, work=Job(kind=JobKind.BUILD, ask=_job_ask(build, source, ask)))
    stage = Stage(key=STAGE, name="build", environment=build.environment, steps=(node,))
    kept = {**snapshot(codec.encode(BuildDefinition, build), ask), "commit": _commit(source)}
    plan = plan_of(ref_of(build), ask, (stage,), kept)
    if defects := plan_check.defects(plan):
        raise Invalid(defects)
    return plan


def acting_as(account: str) -> Mapping[str, str]:
    """Return the part of a job's request that names the service account with which it calls the API, if any."""
    return {SERVICE_ACCOUNT: account} if account else {}


def build_defects(build: BuildDefinition) -> tuple[Defect, ...]:
    """Return all defects of a build that can be found without other records."""
    found = list[Defect]()
    if not build.repo.strip():
        found.append(Defect("repo", "is required"))
    found.extend(secret_defects(build.repo, "repo"))
    found.extend(source_defects(Source(url=build.repo, branch=build.branch)))
    if build.remote_escape_worker_url and not _ADDRESS.fullmatch(build.remote_escape_worker_url):
        found.append(Defect("remote_escape_worker_url", "should be an http or https address"))
    found.extend(address_defects(build.remote_escape_worker_url, "remote_escape_worker_url"))
    for place, step in enumerate(build.steps):
        found.extend(defect.under(f"steps[{place}]") for defect in _step_defects(step))
    return tuple(found)


def _step_defects(step: BuildStep) -> Iterator[Defect]:
    if not _is_inside(step.plan_location):
        yield Defect("plan_location", "should be a path within the repository")
    if step.override_namespace:
        yield from names.namespace(step.override_namespace, "override_namespace")
    for field, globs in (
        ("build_on_file_changes", step.build_on_file_changes),
        ("ignore_file_changes", step.ignore_file_changes),
    ):
        for number, text in enumerate(globs):
            yield from glob.check(text, f"{field}[{number}]")
    for interface, deployment in step.providers.items():
        yield from names.deployment(deployment, f"providers.{interface}")
    yield from names.variables(step.variables, "variables")


def _is_inside(path: str) -> bool:
    """Whether a path leads to what is in the repository."""
    parts = path.split("/")
    return not path.startswith(("/", "~")) and not {"\\", "\0"} & set(path) and ".." not in parts and any(parts)


def source_defects(source: Source) -> tuple[Defect, ...]:
    """Return defects of the branch and commit; only valid ones are passed to git."""
    found = list[Defect]()
    if source.commit and not is_commit(source.commit):
        found.append(Defect("commit", "should be 7 to 64 hexadecimal digits"))
    if source.branch and not is_branch(source.branch):
        found.append(Defect("branch", "is no name of a branch"))
    return tuple(found)


def concerned(build: BuildDefinition, source: Source) -> BuildDefinition | None:
    """Return the build reduced to the steps that are due for the changed files; None if there are none.

    Steps that are defined in the repository are chosen by the runner.
    """
    if build.steps_from_yml or not build.steps:
        return build
    due = due_places(build.steps, source.changed_files)
    steps = tuple(build.steps[place] for place in due)
    secrets = tuple(build.step_secrets[place] for place in due) if build.step_secrets else ()
    return replace(build, steps=steps, step_secrets=secrets) if steps else None


def _job_ask(build: BuildDefinition, source: Source, ask: RunRequest) -> Mapping[str, object]:
    secrets = {"private_key": source.private_key, "password": source.password, "token": build.escape_auth_token}
    known = source.changed_files if len(source.changed_files or ()) <= MAX_CHANGED_FILES else None
    optional = {"commit": source.commit, "username": source.username}
    return {
        "repository": source.url,
        "branch": source.branch,
        "steps": [_plain(step) for step in build.steps],
        "steps_from_yml": build.steps_from_yml,
        **{name: text for name, text in optional.items() if text},
        **({"changed_files": list(known)} if known is not None else {}),
        **acting_as(build.service_account_name or ask.beginning.account),
        SECRET_NAMES: {field: name for field, name in secrets.items() if name},
        **_step_secrets(build),
    }


def _step_secrets(build: BuildDefinition) -> Mapping[str, object]:
    """Return the references of secret variables by their place in the job's request."""
    held = {f"steps.{place}.variables": dict(names) for place, names in enumerate(build.step_secrets) if names}
    return {SECRET_INPUTS: held} if held else {}


def _plain(step: BuildStep) -> Mapping[str, object]:
    """Every field of a step as plain JSON values, defaults too."""
    held = {field.name: getattr(step, field.name) for field in fields(step)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in held.items()}


def _commit(source: Source) -> Mapping[str, str]:
    known = {
        "revision": source.commit,
        "branch": source.branch,
        "author": source.author,
        "message": source.message[:1000],
    }
    return {name: text for name, text in known.items() if text}
