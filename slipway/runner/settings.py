"""Settings of a runner, from its command line and environment. The platform's address may come from `ready.json`."""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from slipway.runner.cluster_settings import ClusterSettings, cluster_settings
from slipway.runner.sandbox.choice import Wanted
from slipway.runner.secrecy import TOKEN_FILE, is_read_once, token_in

READY = "ready.json"
RUNNER_TOKEN = "runner-token"  # noqa: S105 - a file's name
_LABEL, _MOST_LABELS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,62}=[ -~]{0,100}"), 20
_TRUE = frozenset({"1", "true", "yes", "on"})


class ExecutorName(StrEnum):
    """The executors of workloads."""

    PROCESS = "process"
    KUBERNETES = "kubernetes"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of a runner. api: blank to read it from the ready file in `home`.

    token: read once from a source that cannot be read again. token_file: a token file that may change; None for the one
    in `home`. slots: concurrent jobs. guests: jobs beyond them, each of a project that has none here. grace: seconds
    for jobs to end on SIGTERM. once: run one job, then exit. keep: do not delete job folders. binds: folders that
    sandboxed jobs may write besides their own. passed: names of the runner's variables that scripts see.
    executor: by which it runs workloads. cluster: where, on Kubernetes. labels: what else it says of itself, by name.
    """

    home: Path
    work: Path
    name: str
    api: str = ""
    token: str = field(default="", repr=False)
    token_file: Path | None = None
    pool: str = "default"
    slots: int = 8
    guests: int = 0
    grace: float = 10.0
    once: bool = False
    keep: bool = False
    local_repositories: bool = False
    passed: tuple[str, ...] = ()
    sandboxed: Wanted = Wanted.NEVER
    binds: tuple[str, ...] = ()
    executor: ExecutorName = ExecutorName.NONE
    cluster: ClusterSettings = field(default_factory=ClusterSettings)
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def token_path(self) -> Path:
        """Return where the token is, or will be."""
        return self.token_file or self.home / RUNNER_TOKEN

    def __repr__(self) -> str:
        return f"Settings(name={self.name!r}, pool={self.pool!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The platform's address and the token for it."""

    api: str
    token: str

    def __repr__(self) -> str:
        return f"Address(api={self.api!r})"


def read(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """Return the settings; options override variables. Exits with a message when they are invalid."""
    parser = _parser(environment)
    given, told = parser.parse_args(arguments), environment.get
    home = Path(environment.get("SLIPWAY_HOME") or ".slipway").absolute()
    return Settings(
        home=home, work=Path(given.work or home / "work").absolute(), name=given.name, api=given.api,
        token=_token(parser, given.token_file), token_file=_file(given.token_file),
        pool=given.pool, slots=given.slots, guests=given.slots // 2 if given.guests is None else given.guests,
        grace=given.grace, once=given.once, keep=given.keep,
        local_repositories=given.local_repositories, passed=tuple(given.passed.replace(",", " ").split()),
        sandboxed=Wanted(given.sandbox), executor=ExecutorName(given.executor),
        cluster=cluster_settings(environment), labels=_labels(parser, told("SLIPWAY_LABELS", ""), given.label),
        binds=(*filter(None, told("SLIPWAY_BIND", "").split(os.pathsep)), *given.bind),
    )  # fmt: skip


def address(settings: Settings) -> Address | None:
    """Return the platform's address and token, if known."""
    api = settings.api or _ready(settings.home).get("api", "")
    token = settings.token or token_in(str(settings.token_path))
    return Address(api=api, token=token) if api and token else None


def _file(told: str) -> Path | None:
    return Path(told).absolute() if told and not is_read_once(told) else None


def _token(parser: argparse.ArgumentParser, file: str) -> str:
    if not is_read_once(file):
        return ""
    try:
        return token_in(file) or parser.error("there is no token on the standard input")
    except (OSError, ValueError) as error:
        parser.error(f"the token cannot be read: {error}")


def _labels(parser: argparse.ArgumentParser, told: str, given: Sequence[str]) -> dict[str, str]:
    """Return the labels of the variable, and over them those of the options."""
    pairs = (*filter(None, map(str.strip, told.split(","))), *given)
    if wrong := [pair for pair in pairs if not _LABEL.fullmatch(pair)]:
        parser.error(f"a label is NAME=VALUE, unlike {wrong[0]!r}")
    labels = dict(pair.split("=", 1) for pair in pairs)
    if len(labels) > _MOST_LABELS:
        parser.error(f"over {_MOST_LABELS} labels")
    return labels


def _ready(home: Path) -> dict[str, str]:
    try:
        said = json.loads((home / READY).read_text())
    except (OSError, ValueError):
        return {}
    return {key: str(value) for key, value in said.items()} if isinstance(said, dict) else {}


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    # There is no --token: other users of the machine can read a command line.
    parser = argparse.ArgumentParser(
        prog="slipway runner",
        description="Leases jobs and does them, by a runner's token from a file, or from the standard input.",
        epilog="Example: slipway runner --pool gpu --slots 2",
    )
    told = environment.get
    parser.add_argument("--api", default=told("SLIPWAY_API") or told("SLIPWAY_URL") or "", help="where the platform is")
    parser.add_argument(
        "--token-file", default=told(TOKEN_FILE) or "",
        help="where its token is, - for the standard input; $SLIPWAY_HOME/runner-token, if left out",
    )  # fmt: skip
    parser.add_argument("--pool", default=told("SLIPWAY_POOL") or "default", help="whose jobs to lease")
    parser.add_argument("--name", default=told("SLIPWAY_NAME") or _usual_name(), help="the runner's own")
    parser.add_argument("--slots", type=_slots, default=told("SLIPWAY_SLOTS") or "8", help="jobs at once, 1 to 64")
    parser.add_argument(
        "--guests", type=_guests, default=told("SLIPWAY_GUESTS") or None,
        help="jobs beyond full slots, each of a project that has none here; half of --slots, if left out",
    )  # fmt: skip
    parser.add_argument(
        "--label", action="append", default=[], metavar="NAME=VALUE", help="what else it is, as lists of runners show"
    )
    parser.add_argument("--work", default=told("SLIPWAY_WORK"), help="where jobs have their folders")
    parser.add_argument(
        "--grace", type=_seconds, default=told("SLIPWAY_GRACE") or "10", help="seconds for jobs to end on SIGTERM"
    )
    parser.add_argument("--once", action="store_true", help="do one job, then end")
    parser.add_argument(
        "--keep", action="store_true", default=_flag(told("SLIPWAY_KEEP")), help="leave folders of jobs"
    )
    _add_ways_of_work(parser, told)
    return parser


def _add_ways_of_work(parser: argparse.ArgumentParser, told: Callable[[str], str | None]) -> None:
    """Add the options that say how jobs are done, and what they may do."""
    parser.add_argument(
        "--local-repositories", action="store_true", default=_flag(told("SLIPWAY_LOCAL_REPOSITORIES")),
        help="build from paths and file:// addresses too",
    )  # fmt: skip
    parser.add_argument(
        "--pass", dest="passed", default=told("SLIPWAY_PASS") or "", help="names of variables that scripts see as well"
    )
    parser.add_argument(
        "--sandbox", choices=[*Wanted], default=told("SLIPWAY_SANDBOX") or Wanted.AUTO,
        help="whether jobs run in one: where it works, or not at all, or never",
    )  # fmt: skip
    parser.add_argument(
        "--executor", choices=[*ExecutorName], default=told("SLIPWAY_EXECUTOR") or ExecutorName.NONE,
        help="by which it runs workloads of the Deploy API",
    )  # fmt: skip
    parser.add_argument("--bind", action="append", default=[], metavar="PATH", help="jobs may write there too")


def _usual_name() -> str:
    return f"{socket.gethostname()}-{os.getpid()}"[:100]


def _slots(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 64")
    return int(text)


def _guests(text: str) -> int:
    return 0 if text == "0" else _slots(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to 86400")
    return seconds


def _flag(text: str | None) -> bool:
    return (text or "").lower() in _TRUE
