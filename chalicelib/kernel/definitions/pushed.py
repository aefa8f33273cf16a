"""What was pushed, as inputs of a pipeline's run, and which of its builds build it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from chalicelib.kernel.definitions.compile_build import Source
from slipway_formats.defect import Defect
from slipway_formats.git_address import is_branch, repository_name

BRANCH, COMMIT, REPOSITORY = "branch", "commit", "repository"
"""Names of the inputs. repository: its name, where a git host told of the push."""

HEARING = frozenset({"webhook", "pipeline"})
"""How runs begin whose inputs of these names say what was pushed: others name their inputs as they like."""


def inputs_of(inputs: Mapping[str, object], trigger: str) -> Mapping[str, str]:
    """Return the inputs of a run that say what was pushed; none if the run did not begin by a push."""
    told = {name: inputs.get(name) for name in (BRANCH, COMMIT, REPOSITORY)} if trigger in HEARING else {}
    return {name: text for name, text in told.items() if isinstance(text, str) and text}


def takes(source: Source, pushed: Mapping[str, str]) -> bool:
    """Return True if a build from this source is of the branch that was pushed, and of no other repository."""
    branch, repository = pushed.get(BRANCH, ""), pushed.get(REPOSITORY, "")
    is_of_branch = not branch or source.branch in ("", branch)
    return is_of_branch and repository in ("", repository_name(source.url))


def at_pushed(source: Source, pushed: Mapping[str, str]) -> Source:
    """Return the source at the commit that was pushed, if it takes it; else as it is."""
    if not takes(source, pushed):
        return source
    return replace(source, branch=pushed.get(BRANCH, source.branch), commit=pushed.get(COMMIT, source.commit))


def names_branch(patterns: Sequence[str], branch: str) -> bool:
    """Return True if a pattern names the branch, or there are none; `*` stands for any characters, also slashes."""
    return not patterns or any(fnmatchcase(branch, pattern) for pattern in patterns)


def pattern_defects(patterns: Sequence[str], path: str) -> tuple[Defect, ...]:
    """Return which patterns can be the name of no branch."""
    return tuple(
        Defect(f"{path}[{place}]", "is no name of a branch; * stands for any characters")
        for place, pattern in enumerate(patterns)
        if not is_branch(pattern.replace("*", "x"))
    )
