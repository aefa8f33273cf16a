"""The project as Chalice and Lambda take it: app.py and our packages in a folder of their own, compiled, no more."""

import json
import shutil
from pathlib import Path
from typing import Any

from infra.package.dependencies import compiled

ROOT = Path(__file__).parents[2]
PACKAGES = ("chalicelib", "slipway_formats")
CONFIG = ".chalice/config.json"
POLICY = ".chalice/policy-api.json"


def code(folder: Path) -> Path:
    """The folder holds our code anew, with its bytecode."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    shutil.copy2(ROOT / "app.py", folder)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    compiled(folder)
    return folder


def project(folder: Path, code: Path, policy: dict[str, Any]) -> Path:
    """The folder holds a Chalice project: the code, its settings, and the policy of the API."""
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(code, folder)
    (folder / CONFIG).parent.mkdir()
    shutil.copy2(ROOT / CONFIG, folder / CONFIG)
    (folder / POLICY).write_text(json.dumps(policy))
    return folder
