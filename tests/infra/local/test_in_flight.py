"""What a process had in hand when it died is known to the next."""

from pathlib import Path

from infra.local.workers.in_flight import crashed, journal_in


def test_what_has_landed_is_forgotten(tmp_path: Path) -> None:
    with journal_in(tmp_path).of("http://queue", ["one"]):
        pass

    assert list(crashed(tmp_path)) == []


def test_what_was_in_the_air_is_told_once(tmp_path: Path) -> None:
    with journal_in(tmp_path).of("http://queue", ["one", "two"]):
        told = list(crashed(tmp_path))
        again = list(crashed(tmp_path))

    assert told == [("http://queue", ("one", "two"))]
    assert again == []


def test_a_half_written_note_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "1-1.json").write_text('{"address": "http://que')

    assert list(crashed(tmp_path)) == []
    assert list(tmp_path.iterdir()) == []
