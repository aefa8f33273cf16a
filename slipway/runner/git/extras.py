"""What a plain checkout leaves out: submodules, and files that are kept apart by Git LFS. What cannot be is noted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from slipway.perform.git_program import GitProgram
from slipway.plan.git import GitError
from slipway.runner.git.repository import LOCAL, url_defect

_FILE = ".gitmodules"
_MOST_LEVELS = 5
_OPEN = ("https", "http", "git")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """Adds to a checkout, without any credential. local: whether paths may be cloned."""

    url: str
    local: bool

    def add(self, git: GitProgram) -> None:
        """Check out submodules of the same host, and files of Git LFS; note what cannot be. Faults: as run."""
        # Never by SSH, which would offer the keys of whoever the runner runs as.
        allowed = ":".join((*_OPEN, *((LOCAL,) if self.local else ())))
        plain = replace(git, environment={**git.environment, "GIT_ALLOW_PROTOCOL": allowed})
        self._add_submodules(plain, _MOST_LEVELS)
        _add_large_files(plain)

    def _add_submodules(self, git: GitProgram, levels: int) -> None:
        if not (git.folder / _FILE).is_file():
            return
        for name, path in _submodules(git):
            why = "it is nested too deep" if levels == 0 else self._add_submodule(git, name, path)
            if why:
                git.log.note(f"submodule {path} is not checked out: {why}")
            else:
                self._add_submodules(git.within(path), levels - 1)

    def _add_submodule(self, git: GitProgram, name: str, path: str) -> str:
        """Check one out; return why not, or blank."""
        try:
            # Resolves an address that is relative to the repository's own.
            git.run("submodule", "--quiet", "init", "--", path)
            (url,) = git.lines("config", "--get", f"submodule.{name}.url")
        except (GitError, ValueError):
            return "git finds no address of it"
        if url_defect(url, local=self.local) is not None or not _is_same_host(self.url, url):
            return "it is of another host"
        try:
            git.run("submodule", "--quiet", "update", "--no-recommend-shallow", "--", path)
        except GitError as error:
            return f"{error}; no credentials are given for submodules"
        return ""


def _submodules(git: GitProgram) -> list[tuple[str, str]]:
    """Return the names and paths of submodules; none if the file that lists them cannot be read."""
    try:
        said = git.lines("config", "--file", _FILE, "--get-regexp", r"^submodule\..*\.path$")
    except GitError:
        return []
    pairs = [line.partition(" ") for line in said]
    return [(key.removeprefix("submodule.").removesuffix(".path"), path) for key, _, path in pairs if path]


def _is_same_host(one: str, other: str) -> bool:
    return _host(one) == _host(other)


def _host(url: str) -> str:
    if "://" in url:
        return (urlsplit(url).hostname or "").lower()
    # A path, or user@host:path as SSH takes it.
    return "" if url.startswith("/") else url.partition(":")[0].rpartition("@")[2].lower()


def _add_large_files(git: GitProgram) -> None:
    kept = git.lines("ls-files", "--", ":(attr:filter=lfs)")
    if not kept:
        return
    try:
        git.run("lfs", "pull")
    except GitError as error:
        git.log.note(f"{len(kept)} files of Git LFS are not checked out, only what points to them: {error}")
