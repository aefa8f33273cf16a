"""A token's text checks itself, and what is kept of it does not give it back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.access.principal import PrincipalKind
from chalicelib.kernel.access.token import PREFIX, Token, digest_of, holds, id_of, is_that, is_well_formed, text_of

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def a_token(text: str, expires_at: datetime | None = None) -> Token:
    return Token(
        id=id_of(text),
        digest=digest_of(text),
        kind=PrincipalKind.USER,
        owner="ann",
        scopes=("all",),
        created_at=NOON,
        created_by="ann",
        expires_at=expires_at,
    )


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=24, max_size=60))
def test_every_token_made_is_well_formed_and_recognisable(secret: str) -> None:
    text = text_of(secret)

    assert is_well_formed(text)
    assert text.startswith(PREFIX)
    assert is_that(a_token(text), text)


@given(st.integers(min_value=4, max_value=41), st.sampled_from("0aZ"))
def test_a_token_with_one_wrong_letter_is_not_well_formed(place: int, letter: str) -> None:
    text = text_of("x" * 24)
    wrong = text[:place] + letter + text[place + 1 :]

    assert is_well_formed(wrong) == (wrong == text)


@pytest.mark.parametrize(
    "text", ["", "slp_", "slp_short", "ghp_" + "a" * 38, "slp_" + "-" * 38, "slp_" + "\u0660" * 38]
)
def test_other_texts_are_no_tokens(text: str) -> None:
    assert not is_well_formed(text)


def test_what_is_kept_holds_nothing_of_the_text() -> None:
    text = text_of("s" * 32)

    assert text[len(PREFIX) :] not in repr(a_token(text))
    assert not is_that(a_token(text), text_of("t" * 32))


def test_a_token_holds_until_it_expires() -> None:
    text = text_of("s" * 32)

    assert holds(a_token(text), NOON)
    assert holds(a_token(text, NOON + timedelta(seconds=1)), NOON)
    assert not holds(a_token(text, NOON), NOON)
