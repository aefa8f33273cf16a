"""Logs by range: whoever reads page after page, forth or back, or range after range, has read all of it once."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.faults import TooLarge
from chalicelib.use_cases.logs import raw_log, read_log
from chalicelib.use_cases.logs.raw_log import ByteRange, ReadRawLog, read_raw_log
from chalicelib.use_cases.logs.read_log import LARGEST_TEXT, ReadLog, read_log_part, read_run_log
from chalicelib.use_cases.ports.logs import Chunk
from tests.builders import NOON
from tests.use_cases.house import House

LOG = "run1.1.s1.1"
LARGE = "x" * (LARGEST_TEXT // 4)
TEXTS = st.lists(st.sampled_from(["", "one\n", "ü\n\n", "\U0001f600 two", LARGE]), max_size=12)


def house_with(texts: list[str]) -> House:
    house = House()
    chunks = [Chunk(seq=seq, at=NOON, stream="out", text=text) for seq, text in enumerate(texts, 1)]
    house.logs.append(LOG, 0, chunks)
    return house


@given(texts=TEXTS, limit=st.integers(1, 5))
def test_pages_from_the_beginning_are_the_whole_log(texts: list[str], limit: int) -> None:
    house, found = house_with(texts), list[Chunk]()

    while (part := read_log_part(house.ports, ReadLog(log=LOG, after=len(found), limit=limit))).chunks:
        assert len(part.chunks) <= limit
        assert sum(len(one.text) for one in part.chunks) <= max(LARGEST_TEXT, len(part.chunks[0].text))
        assert part.head == len(texts)
        found += part.chunks

    assert [one.text for one in found] == texts


@given(texts=TEXTS, limit=st.integers(1, 5))
def test_pages_from_the_end_are_the_whole_log(texts: list[str], limit: int) -> None:
    house, found, query = house_with(texts), list[Chunk](), ReadLog(log=LOG, before=0, limit=limit)

    while chunks := read_log_part(house.ports, query).chunks:
        assert len(chunks) <= limit
        assert sum(len(one.text) for one in chunks) <= max(LARGEST_TEXT, len(chunks[-1].text))
        found = [*chunks, *found]
        if chunks[0].seq == 1:
            break
        query = replace(query, before=chunks[0].seq)

    assert [one.text for one in found] == texts


def test_what_is_behind_the_end_and_before_the_beginning_is_nothing() -> None:
    ports = house_with(["one\n", "two\n"]).ports

    assert read_log_part(ports, ReadLog(log=LOG, before=99)).chunks == read_log_part(ports, ReadLog(log=LOG)).chunks
    assert read_log_part(ports, ReadLog(log=LOG, before=1)).chunks == []
    assert [one.seq for one in read_log_part(ports, ReadLog(log=LOG, after=1, before=3)).chunks] == [2]
    assert read_log_part(ports, ReadLog(log="nobody's", before=0)) == read_log.LogPart(chunks=[], head=0)


def test_a_part_tells_the_lines_of_the_whole_log_to_who_asks() -> None:
    ports = house_with(["one\ntwo\n", "three\n", "fo"]).ports

    queries = (ReadLog(log=LOG, after=2, counts=True), ReadLog(log=LOG, before=0, limit=1, counts=True))
    parts = [read_log_part(ports, query) for query in queries]
    assert [(len(part.chunks), part.lines) for part in parts] == [(1, 4), (1, 4)]
    assert read_log_part(ports, ReadLog(log=LOG)).lines is None


@given(texts=TEXTS)
def test_a_run_s_log_comes_in_answers_that_can_be_sent(texts: list[str]) -> None:
    house, found = house_with(texts), list[Chunk]()
    house.logs.kept["run1"] = house.logs.kept.pop(LOG, [])

    while chunks := read_run_log(house.ports, "run1", len(found)):
        assert sum(len(one.text) for one in chunks) <= LARGEST_TEXT
        found += chunks

    assert [one.text for one in found] == texts


@given(texts=TEXTS, size=st.integers(LARGEST_TEXT // 3, LARGEST_TEXT))
def test_ranges_are_the_bytes_of_the_log(texts: list[str], size: int) -> None:
    ports, whole, found = house_with(texts).ports, "".join(texts).encode(), b""

    while len(found) < len(whole):
        part = ByteRange(first=len(found), last=len(found) + size - 1)
        answer = read_raw_log(ports, ReadRawLog(log=LOG, part=part))
        assert (answer.first, answer.size) in ((len(found), None), (len(found), len(whole)))
        assert 0 < len(answer.content) <= size
        found += answer.content

    assert found == whole
    assert read_raw_log(ports, ReadRawLog(log=LOG)).content == whole
    assert read_raw_log(ports, ReadRawLog(log=LOG, part=ByteRange(first=len(whole)))).content == b""
    assert read_raw_log(ports, ReadRawLog(log=LOG, part=ByteRange(last=5))).content == whole[-5:]


def test_no_answer_is_over_what_can_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_log, "LARGEST_RAW", 5)
    ports = house_with(["one\n", "two\n"]).ports

    assert read_raw_log(ports, ReadRawLog(log=LOG, part=ByteRange(first=1))).content == b"ne\ntw"
    assert read_raw_log(ports, ReadRawLog(log=LOG, part=ByteRange(last=8))).content == b"one\nt"
    with pytest.raises(TooLarge, match="bytes=0-"):
        read_raw_log(ports, ReadRawLog(log=LOG))
