"""Stage the project for Chalice and Lambda: app.py and our packages in their own folder, compiled."""

import json
import shutil
from pathlib import Path
from typing import Any

from infra.package.dependencies import compiled
from infra.package.trim import remove_sources

ROOT = Path(__file__).parents[2]
PACKAGES = ("chalicelib", "slipway_formats")
CONFIG = ".chalice/config.json"
POLICY = ".chalice/policy-api.json"


def code(folder: Path) -> Path:
    """Copy our code into an emptied folder, compile it, and return the folder."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    shutil.copy2(ROOT / "app.py", folder)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    compiled(folder)
    return folder


def remove_our_sources(folder: Path) -> None:
    """Leave our packages as bytecode alone, as the dependencies are: a third less. app.py stays as it is."""
    for package in PACKAGES:
        for cache in tuple((folder / package).rglob("__pycache__")):
            _put_beside_sources(cache)
        remove_sources(folder / package)


def _put_beside_sources(cache: Path) -> None:
    """Bytecode is the same wherever it lies; only beside its source, and under its name, is it loaded without it."""
    for path in cache.glob("*.pyc"):
        path.rename(cache.parent / f"{path.name.partition('.')[0]}.pyc")
    cache.rmdir()


def project(folder: Path, code: Path, policy: dict[str, Any]) -> Path:
    """Make a Chalice project in the folder: the code, its settings, and the policy of the API."""
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(code, folder)
    (folder / CONFIG).parent.mkdir()
    shutil.copy2(ROOT / CONFIG, folder / CONFIG)
    (folder / POLICY).write_text(json.dumps(policy))
    return folder
