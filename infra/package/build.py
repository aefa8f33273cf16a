"""Build the two zips, build/slipway.zip and build/slipway-pages.zip, and build/template.json from the checkout."""

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from infra.package import archive, dependencies, indexes, lock, pages, rest_api, stage, template
from infra.package.functions import CODE, PAGES_CODE, logs_id
from infra.policies import functions
from infra.policies.rights import policy

LARGEST, LARGEST_WITH_ISSUER = 8_000_000, 14_500_000
"""Maximum bytes of each zip; and of one that can verify JWTs of an outside issuer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """Result of a build. pages: the zip of the function of the pages; archive: that of all others."""

    archive: Path
    pages: Path
    template: Path


class TooLarge(Exception):  # noqa: N818 - says what the zip is, as the faults do
    """A zip exceeds its size budget."""


def build(folder: Path, architecture: str, kept: Path, *, believes_issuer: bool = False) -> Built:
    """Build the zips and the template into the folder. kept: cache of dependencies for the next build.

    believes_issuer: it can verify JWTs of an outside issuer.
    Faults: Unlocked, Unfetched, Unpackaged, TooManyIndexes, TooLarge.
    """
    _refuse_other_python()
    requirements = lock.runtime_requirements(
        (stage.ROOT / "requirements.lock").read_text(),
        (stage.ROOT / "pyproject.toml").read_text(),
        believes_issuer=believes_issuer,
    )
    installed = dependencies.installed(requirements, architecture, kept)
    work = folder / "stage"
    code = stage.code(work / "code")
    written = write_template(folder, code, architecture)
    built = Built(archive=folder / CODE, pages=folder / PAGES_CODE, template=written)
    stage.remove_our_sources(code)
    archive.write({built.archive: pages.is_of_others, built.pages: pages.is_of_pages}, (installed, code))
    for made in (built.archive, built.pages):
        _refuse_large(made, LARGEST_WITH_ISSUER if believes_issuer else LARGEST)
    shutil.rmtree(work)
    return built


def write_template(folder: Path, code: Path, architecture: str) -> Path:
    """Write the template for the code into the folder. Intermediate files go beside the code.

    Faults: Unpackaged, TooManyIndexes.
    """
    project = stage.project(code.parent / "project", code, policy(functions.API, logs_id("api")))
    chalice = rest_api.template(project, code.parent / "chalice", architecture)
    whole, written = template.whole(chalice), folder / "template.json"
    indexes.refuse_many(indexes.released(), indexes.indexes_of(whole))
    written.write_text(f"{json.dumps(whole, indent=1)}\n")
    return written


def _refuse_other_python() -> None:
    if sys.version_info[:2] != dependencies.RUNTIME:
        wanted = ".".join(map(str, dependencies.RUNTIME))
        raise dependencies.Unfetched(f"the bytecode is for Python {wanted}, and so must be the Python that makes it")


def _refuse_large(made: Path, largest: int) -> None:
    size = made.stat().st_size
    if size > largest:
        raise TooLarge(f"{made} has {size:,} bytes, over the budget of {largest:,}")
