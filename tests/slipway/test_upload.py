"""Files are sent in parts: side by side, each tried again, and what is there is told of however it ends."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from slipway import upload
from slipway.transfer import ExpiredError, GoneError, TransferError
from slipway.upload import Plan, Watch
from tests.slipway.http import Asked, Say, Web, web

CONTENT = bytes(range(250)) * 40
SIZE = 1000
NUMBERS = range(1, 11)


@pytest.fixture
def store() -> Iterator[Web]:
    with web() as store:
        store.answer = lambda asked: Say(headers={"ETag": f'"{number_of(asked)}"'})
        yield store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "p.tgz"
    made.write_bytes(CONTENT)
    return made


def number_of(asked: Asked) -> int:
    return int(asked.target.removeprefix("/"))


def a_plan(store: Web, file: Path, numbers: Sequence[int] = NUMBERS) -> Plan:
    urls = {number: f"{store.address}/{number}" for number in numbers}
    return Plan(file=file, size=len(CONTENT), part_size=SIZE, urls=urls)


def sent(store: Web, file: Path, pauses: tuple[float, ...] = (0.01, 0.01)) -> dict[int, str]:
    told: dict[int, str] = {}
    upload.send(a_plan(store, file), (), Watch(on_part=told.__setitem__, pauses=pauses))
    return told


def test_every_part_is_sent_once_with_its_sum(store: Web, file: Path) -> None:
    told = sent(store, file)

    assert told == {number: f'"{number}"' for number in NUMBERS}
    assert b"".join(one.content for one in sorted(store.asked, key=number_of)) == CONTENT
    for one in store.asked:
        assert base64.b64decode(one.headers["Content-MD5"]) == hashlib.md5(one.content).digest()  # noqa: S324 - S3's


def test_parts_that_are_there_are_not_sent_and_are_counted(store: Web, file: Path) -> None:
    seen: list[tuple[int, int]] = []
    watch = Watch(on_part=lambda *_: None, progress=lambda *moved: seen.append(moved))

    upload.send(a_plan(store, file), {1, 2, 10}, watch)

    assert sorted(map(number_of, store.asked)) == [3, 4, 5, 6, 7, 8, 9]
    assert (seen[0], seen[-1]) == ((1000, 10000), (10000, 10000))


def test_a_part_that_stays_broken_ends_it_and_those_that_are_there_are_told_of(store: Web, file: Path) -> None:
    told: dict[int, str] = {}
    store.answer = lambda asked: (
        Say(hang_up=True) if number_of(asked) == 4 else Say(headers={"ETag": f'"{number_of(asked)}"'})
    )

    with pytest.raises(TransferError, match="broke off"):
        upload.send(a_plan(store, file), (), Watch(on_part=told.__setitem__, pauses=(0.01, 0.01)))

    assert sum(number_of(one) == 4 for one in store.asked) == 3
    assert {1, 2, 3} <= told.keys()
    assert told.keys() == {number_of(one) for one in store.asked} - {4}


@pytest.mark.parametrize(("status", "error"), [(403, ExpiredError), (404, GoneError), (400, TransferError)])
def test_what_no_other_try_helps_is_not_tried_again(
    store: Web, file: Path, status: int, error: type[TransferError]
) -> None:
    store.say(Say(status=status))

    with pytest.raises(error) as caught:
        sent(store, file)

    assert str(caught.value) == f"the upload broke off: the store answers {status}"
    assert len(store.asked) == len({one.target for one in store.asked})


def test_what_has_not_come_as_it_was_sent_is_sent_again(store: Web, file: Path) -> None:
    wrong = [Say(status=400, content=b"<Error><Code>BadDigest</Code></Error>")] * 3

    store.answer = lambda asked: wrong.pop() if wrong else Say(headers={"ETag": f'"{number_of(asked)}"'})

    assert sent(store, file, (0.01,) * 4).keys() == set(NUMBERS)


def test_whoever_watches_may_break_off(store: Web, file: Path) -> None:
    class StopError(Exception):
        pass

    def stop(moved: int, _: int) -> None:
        if moved >= 3000:
            raise StopError

    with pytest.raises(StopError):
        upload.send(a_plan(store, file), (), Watch(on_part=lambda *_: None, progress=stop))

    assert len(store.asked) < 10


def test_a_file_that_becomes_shorter_is_not_sent_to_its_end(store: Web, file: Path) -> None:
    plan = a_plan(store, file)
    file.write_bytes(CONTENT[:-1])

    with pytest.raises(TransferError, match="has become shorter"):
        upload.send(plan, (), Watch(on_part=lambda *_: None))


@pytest.mark.parametrize("numbers", [[*NUMBERS, 11], [1, 2], []])
def test_addresses_that_do_not_fit_the_file_are_refused(store: Web, file: Path, numbers: Sequence[int]) -> None:
    with pytest.raises(TransferError, match=f"the file has 10 parts, and there are addresses for {len(numbers)}"):
        upload.send(a_plan(store, file, numbers), (), Watch(on_part=lambda *_: None))
    assert store.asked == []
