"""Read git data of a folder. Commands that may take long: git_program, which can be cancelled."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from slipway.plan.release import Revision

_SECONDS = 60
_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


class GitError(Exception):
    """A git command failed; the message is git's."""


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
        raise GitError(f"git: {done.stderr.strip() or done.returncode}")
    return done.stdout
