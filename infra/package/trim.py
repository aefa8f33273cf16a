"""What of the dependencies no function needs: removed before the zip is made."""

import shutil
from collections.abc import Iterator
from pathlib import Path

SERVICES = frozenset({"apigatewaymanagementapi", "s3", "secretsmanager"})
"""Those that are called by botocore. DynamoDB and SQS go over our own wire and need none of its data."""

CHALICE = frozenset({"__init__.py", "app.py"})
"""What Chalice itself would put into a package of its own."""

FOLDERS = ("bin", "boto3/data", "boto3/docs", "boto3/examples", "dateutil/zoneinfo", "pydantic/v1")
NAMES = frozenset({"tests", "test", "__pycache__"})
ENDINGS = (".pyi", ".typed", ".pyx", ".c", ".h")


def trim(folder: Path) -> None:
    """The folder holds what is imported at run time, and nothing else that is large."""
    for path in (*_whole_folders(folder), *_other_services(folder), *_rest_of_chalice(folder)):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in sorted(folder.rglob("*")):
        if path.is_dir() and path.name in NAMES:
            shutil.rmtree(path)
        elif path.is_file() and path.name.endswith(ENDINGS):
            path.unlink()


def remove_sources(folder: Path) -> None:
    """Modules are there as bytecode alone: a fifth of the zip, of which a trace would show a line now and then."""
    for path in folder.rglob("*.py"):
        if path.with_suffix(".pyc").exists():
            path.unlink()


def _whole_folders(folder: Path) -> Iterator[Path]:
    yield from (folder / name for name in FOLDERS if (folder / name).exists())
    # Nothing here asks for its own version; pydantic would read all of these in search of plugins.
    yield from folder.glob("*.dist-info")


def _other_services(folder: Path) -> Iterator[Path]:
    data = folder / "botocore" / "data"
    return (path for path in data.iterdir() if path.is_dir() and path.name not in SERVICES)


def _rest_of_chalice(folder: Path) -> Iterator[Path]:
    return (path for path in (folder / "chalice").iterdir() if path.name not in CHALICE)
