"""Quantities as Kubernetes writes them, and cron as Unix does."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slipway_formats.workloads.cron import cron_defect, last_fire, next_fire
from slipway_formats.workloads.quantity import amount_of, whole_of

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("0.20", "0.2"), ("150m", "0.15"), ("2", "2"), ("1e3", "1000"), ("200Mi", "209715200"), ("1.5Gi", "1610612736"),
     (".5", "0.5"), ("1.", "1"), ("3k", "3000")],
)  # fmt: skip
def test_a_quantity_is_read(text: str, amount: str) -> None:
    assert amount_of(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "m", "-1", "1 Gi", "5kk", "0x1", "1e", "nan"])
def test_what_is_no_quantity_is_none(text: str) -> None:
    assert amount_of(text) is None


def test_parts_of_a_unit_count_whole() -> None:
    assert whole_of("0.2001", Decimal("0.001")) == 201
    assert whole_of("") == 0


@pytest.mark.parametrize("text", ["* * * * *", "*/5 0-3 1,15 * 7", "0 0 29 2 *", "15 14 1 JAN sun"])
def test_five_fields_are_a_cron(text: str) -> None:
    assert cron_defect(text) == ""


@pytest.mark.parametrize("text", ["", "* * * *", "* * * * * *", "61 * * * *", "0 0 30 2 *", "@daily", "a b c d e"])
def test_other_texts_are_none(text: str) -> None:
    assert cron_defect(text)


def test_days_of_month_and_of_week_are_either_as_unix_has_it() -> None:
    assert next_fire("0 0 13 * 5", NOON) == datetime(2026, 12, 4, tzinfo=UTC)


@given(st.sampled_from(["* * * * *", "*/7 * * * *", "0 3 * * 1-5", "5 4 1 * *"]), st.integers(0, 10**7))
def test_the_last_fire_is_the_one_before_the_next(text: str, seconds: int) -> None:
    now = NOON + timedelta(seconds=seconds)
    last = last_fire(text, now)
    assert last is not None
    assert last <= now
    following = next_fire(text, last)
    assert following is not None
    assert following > now
