"""Remove files of the dependencies that no function needs, before the zip is made."""

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

SERVICES = frozenset({"apigatewaymanagementapi", "s3", "secretsmanager", "sesv2"})
"""Services that are called through botocore. DynamoDB and SQS use our own HTTP pool and need none of its data."""

CHALICE = frozenset({"__init__.py", "app.py"})
"""What Chalice itself would put into a package."""

FOLDERS = (
    "bin",
    # Functions make their clients by botocore; boto3, and what it sends files with, is for operators.
    "boto3",
    "s3transfer",
    "dateutil/zoneinfo",
    "pydantic/v1",
    "urllib3/contrib/emscripten",
)
UNUSED = (
    "dateutil/rrule.py",
    "jinja2/ext.py",
    "jinja2/nativetypes.py",
    "jinja2/sandbox.py",
    "pydantic/mypy.py",
)
"""Modules that are imported only by who asks for what they do: no function does."""

TEXT = "documentation"
NAMES = frozenset({"tests", "test", "__pycache__"})
ENDINGS = (".pyi", ".typed", ".pyx", ".c", ".h")


def trim(folder: Path) -> None:
    """Remove everything large that is not imported at run time."""
    for path in (*_whole_folders(folder), *_other_services(folder), *_rest_of_chalice(folder)):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for model in folder.glob("botocore/data/*/*/service-2.json.gz"):
        _without_documentation(model)
    for path in sorted(folder.rglob("*")):
        if path.is_dir() and path.name in NAMES:
            shutil.rmtree(path)
        elif path.is_file() and path.name.endswith(ENDINGS):
            path.unlink()


def remove_sources(folder: Path) -> None:
    """Delete sources that have bytecode. Saves a fifth of the zip; tracebacks then show no source lines."""
    for path in folder.rglob("*.py"):
        if path.with_suffix(".pyc").exists():
            path.unlink()


def _whole_folders(folder: Path) -> Iterator[Path]:
    yield from (folder / name for name in (*FOLDERS, *UNUSED) if (folder / name).exists())
    # No dependency reads its own version; pydantic would scan all of these for plugins.
    yield from folder.glob("*.dist-info")


def _other_services(folder: Path) -> Iterator[Path]:
    data = folder / "botocore" / "data"
    return (path for path in data.iterdir() if path.is_dir() and path.name not in SERVICES)


def _rest_of_chalice(folder: Path) -> Iterator[Path]:
    return (path for path in (folder / "chalice").iterdir() if path.name not in CHALICE)


def _without_documentation(model: Path) -> None:
    """Rewrite a service's model without its texts, which are three quarters of it and are read by nobody there."""
    bare = json.loads(gzip.decompress(model.read_bytes()), object_hook=_without_text)
    model.write_bytes(gzip.compress(json.dumps(bare, separators=(",", ":")).encode(), 9, mtime=0))


def _without_text(members: dict[str, object]) -> dict[str, object]:
    """Return an object of a model without its text. What may be a parameter of a client keeps one, which is asked for.

    A shape's member may be called `documentation`: that is a record, and stays.
    """
    if not isinstance(members.get(TEXT), str):
        return members
    bare = {name: value for name, value in members.items() if name != TEXT}
    return {**bare, TEXT: ""} if bare.keys() == {"type"} else bare
