"""Instants of the API in tables: however a client of the state wrote them."""

from datetime import UTC, datetime

import pytest

from slipway.cli.show.times import since

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-11-20T10:00:00.028045618Z", "10:00:00"),
        ("2026-11-20t10:00:00.5z", "10:00:00"),
        ("0001-01-01T00:00:00+02:00", ""),
        ("9999-12-31T23:59:59-02:00", ""),
        ("soon", ""),
        (None, ""),
    ],
)
def test_an_instant_of_any_client_is_shown(text: str | None, shown: str) -> None:
    assert since(text, NOW, UTC) == shown
