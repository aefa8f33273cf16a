"""A session's statement: what it says, and that nothing else is one."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.access.session_jwt import LONGEST, session_jwt, token_in
from chalicelib.kernel.access.token import text_of

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
TEXT = text_of("a secret of this test")
STATEMENT = session_jwt(TEXT, subject="ann", groups=("ops", "admins"), issued_at=NOON, until=NOON + timedelta(hours=12))


def read(part: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(base64.urlsafe_b64decode(part + "=="))
    return found


def written(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def test_a_statement_says_whose_session_it_is_and_until_when() -> None:
    header, claims, _ = STATEMENT.split(".")
    assert read(header) == {"alg": "HS256", "typ": "JWT"}
    said = {"iss": "slipway", "sub": "ann", "groups": ["admins", "ops"], "iat": 1767268800, "exp": 1767312000}
    assert read(claims) == {**said, "jti": TEXT}


def test_the_token_of_a_statement_is_found() -> None:
    assert token_in(STATEMENT) == TEXT


def test_a_statement_that_was_changed_is_none() -> None:
    header, claims, signature = STATEMENT.split(".")
    other = read(claims) | {"sub": "root"}
    for changed in (
        f"{header}.{written(other)}.{signature}",
        f"{written({'alg': 'none'})}.{claims}.",
        f"{written({'alg': 'HS512', 'typ': 'JWT'})}.{claims}.{signature}",
        f"{header}.{written({**other, 'jti': 7})}.{signature}",
        f"{header}.{written([1])}.{signature}",
        f"{header}.{claims}.{signature[:-2]}",
        f"{header}.{claims}",
        STATEMENT + "x" * LONGEST,
    ):
        assert token_in(changed) is None


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "é.é.é", TEXT, "x" * 9000])
def test_other_texts_are_none(text: str) -> None:
    assert token_in(text) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert token_in(text) is None
    assert token_in(f"{text}.{text}.{text}") is None
