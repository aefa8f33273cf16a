"""Read git data of a folder. Commands that may take long: git_program, which can be cancelled."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from slipway.plan.release import Revision

_SECONDS = 60
_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


_CHATTER = ("hint:", "warning:", "Cloning into", "Please make sure", "and the repository exists", "To ", "remote: \x1b")
_CONSEQUENCES = (
    "fatal: Could not read from remote repository",
    "fatal: the remote end hung up",
    "fatal: early EOF",
    "fatal: index-pack failed",
    "fatal: fetch-pack: invalid index-pack output",
    "error: failed to push some refs",
    "remote: Counting",
    "remote: Compressing",
)
_SIGNS = (("remote: error:", "remote: fatal:"), ("!",), ("fatal:", "error:"))
"""How a line begins that says what is wrong, the most telling ones first. Without any: what ssh and the host say."""


class GitError(Exception):
    """A git command failed; the message is git's."""


def reason_in(lines: Sequence[str]) -> str:
    """Return the line of git's error output that says what is wrong; empty if there is none.

    Git ends with what follows from it: that it could not read, or that some refs were not pushed.
    """
    said = [line.strip() for line in lines if line.strip() and not line.strip().startswith(_CHATTER)]
    specific = [line for line in said if not line.startswith(_CONSEQUENCES)]
    for signs in _SIGNS:
        if told := [line for line in specific if line.startswith(signs)]:
            return told[-1]
    return (specific or said or [""])[-1]


def revision_of(folder: Path, environment: Mapping[str, str]) -> Revision:
    """Return the commit of the folder; blank outside git or before the first commit."""
    try:
        found = _git(folder, environment, "log", "-1", "--format=%H%x00%an <%ae>%x00%s").strip()
    except GitError:
        return Revision()
    commit, author, message = found.split("\0")
    return Revision(
        revision=commit, author=author, message=message, branch=_branch(folder, environment),
        repository=_origin(folder, environment),
    )  # fmt: skip


def _branch(folder: Path, environment: Mapping[str, str]) -> str:
    # Not by its short name, which is another where a tag is called the same.
    try:
        return _git(folder, environment, "symbolic-ref", "--quiet", "HEAD").strip().removeprefix("refs/heads/")
    except GitError:
        return ""


def _origin(folder: Path, environment: Mapping[str, str]) -> str:
    try:
        return _without_password(_git(folder, environment, "config", "--get", "remote.origin.url").strip())
    except GitError:
        return ""


def _without_password(url: str) -> str:
    split = urlsplit(url)
    if split.scheme not in {"http", "https"}:
        return url
    return urlunsplit(split._replace(netloc=split.netloc.rpartition("@")[2]))


def _git(folder: Path, environment: Mapping[str, str], *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-c", "safe.directory=*", *arguments],
            cwd=folder, env={**environment, **_QUIET}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, errors="replace", timeout=_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitError(f"git {arguments[0]}: {error}") from error
    if done.returncode != 0:
        told = reason_in(done.stderr.splitlines())
        raise GitError(f"git {arguments[0]}: {told or f'exit code {done.returncode}'}")
    return done.stdout
