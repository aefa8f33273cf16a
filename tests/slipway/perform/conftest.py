"""What the tests of performing share."""

from pathlib import Path

import pytest

from tests.slipway.perform.workplace import Workplace


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    return Workplace(root=tmp_path)
