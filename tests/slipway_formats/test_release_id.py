"""Release ids, read and written as Escape does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slipway_formats import release_id, version
from slipway_formats.defect import Invalid
from slipway_formats.release_id import ReleaseId
from slipway_formats.version import Exact, Latest, Prefix, Query, Tag


@pytest.mark.parametrize(
    ("text", "namespace", "application", "query"),
    [
        ("ns/app-v1.0", "ns", "app", Exact(version="1.0")),
        ("app-v1.0", "_", "app", Exact(version="1.0")),
        ("_/x-v1", "_", "x", Exact(version="1")),
        ("app-latest", "_", "app", Latest()),
        ("app-@", "_", "app", Latest()),
        ("app-v@", "_", "app", Latest()),
        ("app-v1.@", "_", "app", Prefix(prefix="1.")),
        ("ns/app-v0.0.@", "ns", "app", Prefix(prefix="0.0.")),
        ("ns/app:production", "ns", "app", Tag(tag="production")),
        ("app:v1.0", "_", "app", Exact(version="1.0")),
        ("app:latest", "_", "app", Latest()),
        ("app:v1.@", "_", "app", Prefix(prefix="1.")),
        ("my-long-app-v01.02", "_", "my-long-app", Exact(version="01.02")),
        ("ns/app:a b/c-d:e", "ns", "app", Tag(tag="a b/c-d:e")),
    ],
)
def test_a_release_id_is_read_as_escape_reads_it(text: str, namespace: str, application: str, query: Query) -> None:
    assert release_id.parse(text) == ReleaseId(namespace=namespace, application=application, query=query)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "invalid release format ''"),
        ("zzz", "invalid release format 'zzz'"),
        ("app-", "invalid release format"),
        ("app:", "invalid release format"),
        ("-v1.0", "invalid release format"),
        (":tag", "invalid release format"),
        ("/app-v1.0", "invalid release format"),
        ("ns/-v1.0", "invalid release format"),
        ("a/b/app-v1.0", "invalid release format"),
        ("../app-v1.0", "invalid release format"),
        ("n s/app-v1.0", "invalid release format"),
        ("app-1.0", "invalid version string '1.0' in release id 'app-1.0'"),
        ("app-1.@", "invalid version string '1.@'"),
        ("app-v", "invalid version string 'v'"),
        ("app-vx.@", "invalid version string 'vx.@'"),
        ("app-production", "invalid version string 'production'"),
        ("app-v1.0\n", "invalid version string"),
        ("a" * 800 + "-v1", "release id is over 700 characters"),
    ],
)
def test_what_is_no_release_id_is_refused_with_the_reason_and_the_place(text: str, told: str) -> None:
    with pytest.raises(Invalid) as caught:
        release_id.parse(text, "depends[0]")
    assert [defect.path for defect in caught.value.defects] == ["depends[0]"]
    assert told in caught.value.defects[0].message


@pytest.mark.parametrize(
    ("text", "full"),
    [("x-v1", "_/x-v1"), ("app-@", "_/app-latest"), ("ns/app-v1.@", "ns/app-v1.@"), ("ns/app:v1.0", "ns/app-v1.0")],
)
def test_a_release_id_is_written_in_full(text: str, full: str) -> None:
    assert str(release_id.parse(text)) == full


def test_the_id_of_one_release_names_its_namespace() -> None:
    assert release_id.of_version("ns", "app", "1.0") == "ns/app-v1.0"


NAMES = st.from_regex(r"[a-z][a-z0-9_-]{1,12}", fullmatch=True)
NUMBERS = st.lists(st.integers(0, 99), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))
QUERIES = st.one_of(
    st.just(Latest()),
    NUMBERS.map(lambda text: Exact(version=text)),
    NUMBERS.map(lambda text: Prefix(prefix=f"{text}.")),
    st.text(min_size=1, max_size=12).filter(lambda tag: not version.tag_defects(tag)).map(lambda tag: Tag(tag=tag)),
)


@given(st.builds(ReleaseId, namespace=NAMES, application=NAMES, query=QUERIES))
def test_what_is_written_is_read_back(given_id: ReleaseId) -> None:
    assert release_id.parse(release_id.show(given_id)) == given_id
