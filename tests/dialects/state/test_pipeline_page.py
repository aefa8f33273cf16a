"""docs/pipeline.md is what the platform reads. SLIPWAY_RECORD=1 writes it anew."""

import os

from tests.dialects.state.pipeline_page import PAGE, page


def test_the_page_is_what_the_reference_makes() -> None:
    text = PAGE.read_text()
    if os.environ.get("SLIPWAY_RECORD"):
        PAGE.write_text(page(text))

    assert PAGE.read_text() == page(text)
