"""Logs as texts for those who watch."""

import json

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.use_cases.logs.messages import LARGEST, end_message, messages
from chalicelib.use_cases.ports.logs import Chunk
from tests.builders import NOON, later
from tests.laws.profiles import effort

TEXTS = st.lists(st.text(max_size=300) | st.text(alphabet='"\\\x1bé😀', min_size=400, max_size=1500), max_size=20)


def chunks_of(texts: list[str], first: int = 1) -> list[Chunk]:
    return [Chunk(seq=seq, at=later(seq), stream="out", text=text) for seq, text in enumerate(texts, first)]


@effort(60)
@given(texts=TEXTS, first=st.integers(1, 10_000))
def test_all_of_a_log_is_told_in_order_in_texts_of_the_size(texts: list[str], first: int) -> None:
    told = list(messages(chunks_of(texts, first), largest=3000))

    assert all(len(one.text.encode()) <= 3000 for one in told)
    pieces = [piece for one in told for piece in json.loads(one.text)]
    whole: dict[int, str] = {}
    for piece in pieces:
        whole[piece["seq"]] = whole.get(piece["seq"], "") + piece["text"]
    assert list(whole.items()) == list(enumerate(texts, first))


@effort(60)
@given(texts=TEXTS)
def test_a_text_says_how_far_it_leads(texts: list[str]) -> None:
    before = 0
    for one in messages(chunks_of(texts), largest=3000):
        pieces = json.loads(one.text)
        has_more = pieces[-1].get("more", False)
        assert one.after == (before if has_more else pieces[-1]["seq"])
        before = one.after
    assert before == len(texts)


def test_a_chunk_is_told_as_a_page_of_the_log_tells_it() -> None:
    (one,) = messages([Chunk(seq=3, at=NOON, stream="err", text="é")])

    assert json.loads(one.text) == [{"seq": 3, "at": "2026-06-01T12:00:00Z", "stream": "err", "text": "é"}]


def test_small_chunks_share_a_text() -> None:
    assert len(list(messages(chunks_of(["x" * 100] * 500)))) == 1
    assert len(list(messages(chunks_of(["x" * 1000] * 500)))) == 1 + 500 * 1100 // LARGEST


def test_the_end_says_how_long_the_log_is() -> None:
    assert json.loads(end_message(12)) == {"head": 12, "sealed": True}
