"""A recorded API and a shell that is logged in to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.slipway.cli.recorded_api import TOKEN, RecordedApi, Shell, serving


@pytest.fixture
def api() -> Iterator[RecordedApi]:
    with serving() as recorded:
        yield recorded


@pytest.fixture
def slipway(api: RecordedApi, tmp_path: Path) -> Shell:
    return Shell(home=tmp_path, environment={"SLIPWAY_API": api.address, "SLIPWAY_TOKEN": TOKEN})


@pytest.fixture
def stranger(tmp_path: Path) -> Shell:
    """A shell that is logged in to nothing."""
    return Shell(home=tmp_path, environment={})
