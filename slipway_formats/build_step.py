"""A build step, as stored, sent to runners and written in `escapekit.yml`; and when it is due."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from slipway_formats.frozen import frozen
from slipway_formats.glob import last_match, takes_back


@frozen
class BuildStep:
    """Build one Escape plan, and perform parts of its release.

    build_on_file_changes, ignore_file_changes: globs of paths in the repository.
    """

    plan_location: str = "escape.yml"
    override_namespace: str = ""
    build_on_file_changes: tuple[str, ...] = ()
    ignore_file_changes: tuple[str, ...] = ()
    run_build: bool = True
    run_tests: bool = True
    run_deploy: bool = True
    run_smoke: bool = True
    run_destroy: bool = True
    run_destroy_build: bool = True
    run_destroy_deploy: bool = True
    cache_release: bool = True
    push_release: bool = True
    skip_if_exists: bool = False
    fat_package: bool = False
    force_overwrite: bool = False
    tag_git: bool = False
    variables: Mapping[str, object] = field(default_factory=dict)
    providers: Mapping[str, str] = field(default_factory=dict)


MOST_MATCHING = 20_000_000
"""Characters of all globs of a build times those of all changed files: what is matched in a few seconds at most."""


def due_places(steps: Sequence[BuildStep], changed_files: tuple[str, ...] | None) -> list[int]:
    """Return the places of the steps that must run; all of them where matching would take too long."""
    globs = [glob for step in steps for glob in (*step.build_on_file_changes, *step.ignore_file_changes)]
    # With a `!` among them each folder of a file is matched too.
    files = sum(len(file) * (file.count("/") + 1 if takes_back(globs) else 1) for file in changed_files or ())
    if sum(map(len, globs)) * files > MOST_MATCHING:
        return list(range(len(steps)))
    return [place for place, step in enumerate(steps) if is_due(step, changed_files)]


def is_due(step: BuildStep, changed_files: tuple[str, ...] | None) -> bool:
    """True when a step must run after these files changed: one matches and is not ignored.

    None or no files mean that the changes are unknown: then it must run.
    """
    if not changed_files:
        return True
    counting = [file for file in changed_files if not last_match(step.ignore_file_changes, file)]
    if not step.build_on_file_changes:
        return bool(counting)
    return any(last_match(step.build_on_file_changes, file) for file in counting)
