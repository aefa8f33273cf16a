"""No answer is longer than can be sent: a long one is gzipped, or refused with a word how to ask for less."""

import gzip
import random

import pytest

from chalicelib.http.answers.answer_size import LARGEST_ANSWER, within_limits
from chalicelib.http.reply import json_reply, text_reply
from chalicelib.kernel.faults import TooLarge
from tests.http.house import Site
from tests.http.rows import replying

LONG = text_reply("é" * (LARGEST_ANSWER // 2) + "e")


@pytest.mark.parametrize(
    "accepted", ["gzip", "deflate, gzip;q=1.0, *;q=0.5", "GZIP", "*", "gzip; q=0.001", "*;q=0, gzip"]
)
def test_a_long_answer_is_gzipped_for_who_takes_that(accepted: str) -> None:
    reply = within_limits(LONG, accepted)
    assert isinstance(reply.body, bytes)
    assert gzip.decompress(reply.body).decode() == LONG.body
    assert (reply.headers["Content-Encoding"], reply.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert reply.headers["Content-Type"] == LONG.headers["Content-Type"]


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "gzip ; q = 0.00", "*;q=0", "gzip;q=0, *"])
def test_who_does_not_take_it_is_told_how_to_ask_for_less(accepted: str) -> None:
    with pytest.raises(TooLarge, match="accept gzip, or ask for less"):
        within_limits(LONG, accepted)


def test_what_stays_long_is_refused() -> None:
    noise = random.Random(1).randbytes(LARGEST_ANSWER + 1)  # noqa: S311 - what does not shrink
    with pytest.raises(TooLarge, match="page_size"):
        within_limits(json_reply(noise.hex()), "gzip")


def test_a_short_answer_is_as_it_was() -> None:
    reply = text_reply("é" * (LARGEST_ANSWER // 2))
    assert within_limits(reply, "gzip") is reply


def test_a_row_answers_so() -> None:
    site = Site([replying("GET /x", LONG)])
    got = site.ask("GET", "/x", headers={"Accept-Encoding": "gzip"})
    assert (got.status, got.headers["Content-Encoding"]) == (200, "gzip")
    assert gzip.decompress(got.content).decode() == LONG.body
    refused = site.ask("GET", "/x")
    assert (refused.status, "accept gzip" in refused.text) == (413, True)
