"""Decide what the stages of a plan run, by looking into the folder: scripts of the package, or commands."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from slipway.plan.defects import Defects
from slipway.plan.parts import PlainStage, PlanErrand
from slipway.plan.release import Command, Errand, Inline, Release, Script, Stage
from slipway_formats.archive import is_inside


def settled(stage: PlainStage | Stage, folder: Path, path: str, defects: Defects) -> Stage | None:
    """Return what a stage runs. One string is a script if it names a file of the folder, otherwise a command."""
    match stage:
        case PlainStage():
            return _settled_text(stage.text, folder, path, defects)
        case Script() if not (folder / stage.path).is_file():
            defects.add(f"{path}.script", f"no file '{stage.path}'")
            return None
        case Command() | Inline() | Script():
            return stage


def settled_errand(errand: PlanErrand, folder: Path, defects: Defects) -> Errand | None:
    """Return the errand with its stage decided."""
    stage = settled(errand.stage, folder, f"errands.{errand.name}.script", defects)
    if stage is None:
        return None
    return Errand(name=errand.name, stage=stage, description=errand.description, inputs=errand.inputs)


def scripts_of(release: Release, folder: Path) -> Iterator[str]:
    """Yield the files that the release's stages and errands run, relative to the folder."""
    for stage in (*release.stages.values(), *(errand.stage for errand in release.errands.values())):
        if isinstance(stage, Script):
            yield stage.path
        elif isinstance(stage, Command) and is_inside(stage.cmd) and (folder / stage.cmd).is_file():
            yield stage.cmd


def _settled_text(text: str, folder: Path, path: str, defects: Defects) -> Stage | None:
    if text.startswith("/"):
        return _command(text, path, defects)
    if is_inside(text) and (folder / text).is_file():
        return Script(path=text.removeprefix("./"))
    if text.startswith("."):
        defects.add(path, f"no file '{text}' in the package")
        return None
    return _command(text, path, defects)


def _command(text: str, path: str, defects: Defects) -> Stage | None:
    try:
        cmd, *args = shlex.split(text)
    except ValueError as error:
        defects.add(path, f"'{text}' is no command: {error}")
        return None
    return Command(cmd=cmd, args=tuple(args))
