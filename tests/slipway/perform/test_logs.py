"""No secret gets into a log, and no log grows without end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slipway.perform.logs import LineWriter, Log, LogLine, Stream
from slipway.runner.work.outputs import with_warned

WORDS = st.text(alphabet="abcäö ", min_size=4, max_size=8).filter(lambda word: word.strip() == word)


def written(chunks: list[bytes], secrets: list[str], limit: int = 1 << 20) -> list[LogLine]:
    lines: list[LogLine] = []
    writer = LineWriter(Log(lines.append, secrets=secrets, limit=limit), Stream.OUT)
    for chunk in chunks:
        writer.feed(chunk)
    writer.close()
    return lines


@given(WORDS, st.binary(max_size=30), st.binary(max_size=30), st.integers(0, 50), st.integers(0, 50))
def test_a_secret_never_shows_however_it_is_cut(secret: str, before: bytes, after: bytes, one: int, two: int) -> None:
    data = before.replace(b"\n", b"") + secret.encode() + after
    cuts = sorted((one, two))
    lines = written([data[: cuts[0]], data[cuts[0] : cuts[1]], data[cuts[1] :]], [secret])
    assert all(secret not in line.text for line in lines)


@given(st.integers(16_300, 16_500), st.integers(500, 9_000))
def test_a_secret_across_the_border_of_a_parted_line_never_shows(start: int, step: int) -> None:
    data = b"a" * start + b"hunter2" + b"b" * 40_000 + b"hunter2"
    lines = written([data[at : at + step] for at in range(0, len(data), step)], ["hunter2"])
    whole = "".join(line.text for line in lines)
    assert whole == "a" * start + "***" + "b" * 40_000 + "***"


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_lines_are_the_same_however_they_arrive(chunks: list[bytes]) -> None:
    assert written(chunks, []) == written([b"".join(chunks)], [])


def test_a_letter_cut_in_two_is_whole_again() -> None:
    assert [line.text for line in written([b"\xc3", b"\xa4\r\n\xff"], [])] == ["ä", "\ufffd"]


def test_after_the_limit_there_is_one_notice() -> None:
    lines = written([b"12345\n" * 10], [], limit=20)
    assert [line.stream for line in lines] == ["out", "out", "out", "note"]
    assert lines[-1].text == "the log is longer than 20 characters: its end follows when it is over"


@pytest.mark.parametrize("count", [4, 5, 6, 7, 100])
def test_the_end_of_a_long_log_is_kept_and_what_is_between_is_told(count: int) -> None:
    lines: list[LogLine] = []
    log = Log(lines.append, limit=20, tail=12)
    for number in range(count):
        log.line(Stream.OUT, f"{number:05d}")
    log.note("exit code 3")
    log.close()
    log.close()
    between = [line.text for line in lines if line.stream == "note"][1:-1]
    dropped = 6 * (count - 3)
    assert between == [f"{dropped} characters of the log are left out here: its last 12 follow"]
    assert [line.text for line in lines][-1] == "exit code 3"


def test_of_a_log_that_is_only_a_little_too_long_nothing_is_lost() -> None:
    lines: list[LogLine] = []
    log = Log(lines.append, limit=20, tail=60)
    for number in range(10):
        log.line(Stream.OUT, f"{number:05d}")
    log.close()
    assert [line.text for line in lines if line.stream == "out"] == [f"{number:05d}" for number in range(10)]


def test_a_log_that_is_short_enough_ends_as_it_is() -> None:
    lines: list[LogLine] = []
    log = Log(lines.append)
    log.line(Stream.OUT, "one")
    log.close()
    assert [line.text for line in lines] == ["one"]


def test_a_secret_learned_late_is_masked_from_then_on() -> None:
    lines: list[LogLine] = []
    log = Log(lines.append)
    log.line(Stream.OUT, "word one")
    log.hide(["word"])
    log.line(Stream.OUT, "word two")
    assert [line.text for line in lines] == ["word one", "*** two"]


def test_a_note_of_ours_stands_as_it_is() -> None:
    lines: list[LogLine] = []
    log = Log(lines.append, secrets=["deploy", "demo/app-v1.0"])
    log.note("demo/app-v1.0: deploy\nexit code 1")
    assert [line.text for line in lines] == ["demo/app-v1.0: deploy", "exit code 1"]


def test_words_of_others_are_masked_for_a_note() -> None:
    log = Log(lambda _: None, secrets=["open-sesame"])
    assert log.masked("git: open-sesame\nis wrong") == "git: ***\nis wrong"


@pytest.mark.parametrize(
    ("text", "is_one"), [("WARN: disk", True), ("WARNING", True), (" WARN", False), ("warn", False), ("a WARN", False)]
)
def test_a_line_that_begins_with_warn_is_a_warning(text: str, *, is_one: bool) -> None:
    log = Log(lambda _: None, limit=1)
    log.note("WARN of ours")
    log.line(Stream.OUT, text)
    assert log.has_warned is is_one


def test_a_script_says_that_it_warned_where_there_is_room() -> None:
    log = Log(lambda _: None)
    assert with_warned({"url": "u"}, log) == {"url": "u"}
    log.line(Stream.ERR, "WARN")
    assert with_warned({"url": "u"}, log) == {"url": "u", "warned": "true"}
    assert with_warned({"warned": "twice"}, log) == {"warned": "twice"}
    assert with_warned({"url": "u" * 1021}, log) == {"url": "u" * 1021}
