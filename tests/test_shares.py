"""Which tests stay in one process, and which begin."""

import pytest

from tests.shares import APART, FIRST, PAGES, PARTS, ROOT, TOGETHER, Places, group, turn


@pytest.mark.parametrize(
    ("one", "other", "are_together"),
    [
        ("tests/walks/test_flow.py::test_a", "tests/walks/test_kills.py::test_b", True),
        ("tests/http/test_etag.py::test_a[x]", "tests/http/test_etag.py::test_b", True),
        ("tests/http/test_etag.py::test_a", "tests/http/test_app.py::test_a", False),
        ("tests/laws/test_job_laws.py::test_a", "tests/laws/test_job_laws.py::test_b", False),
        (f"{PAGES}::test_a[inbox]", f"{PAGES}::test_b[inbox]", True),
        ("tests/crash/test_crash.py::test_a[deploy]", "tests/crash/test_crash.py::test_b[deploy]", True),
        ("tests/crash/test_crash.py::test_a[deploy]", "tests/crash/test_crash.py::test_a[retry]", False),
    ],
)
def test_what_shares_something_dear_stays_together(one: str, other: str, are_together: bool) -> None:
    assert (group(one) == group(other)) is are_together


def test_the_pages_go_into_parts() -> None:
    assert len({group(f"{PAGES}::test_a[{page}]") for page in range(100)}) == PARTS


def test_what_takes_long_begins_and_what_is_in_small_parts_ends() -> None:
    walk, law, other = "tests/walks/test_flow.py::a", "tests/laws/test_job_laws.py::b", "tests/http/test_app.py::c"

    assert sorted((law, other, walk), key=turn) == [walk, other, law]


@pytest.mark.parametrize("start", sorted({*TOGETHER, *APART, *FIRST}))
def test_what_is_named_is_there(start: str) -> None:
    assert list(ROOT.glob(f"{start}*"))


def test_a_place_is_that_of_the_list() -> None:
    tests = ["b.py::b", "a.py::a", "c.py::c"]

    assert [Places(tests).index(test) for test in tests] == [0, 1, 2]
    assert Places(tests) == tests
