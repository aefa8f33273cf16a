"""Who has a reply already is sent no body."""

import pytest

from chalicelib.http.answers.etag import etagged, unless_known
from chalicelib.http.reply import text_reply

REPLY = etagged(text_reply("1.0"))
TAG = str(REPLY.headers["ETag"])


@pytest.mark.parametrize("asked", [TAG, f"W/{TAG}", f'"other", {TAG}', "*", f" {TAG} "])
def test_what_is_known_is_not_sent_again(asked: str) -> None:
    known = unless_known(REPLY, asked)
    assert (known.status, known.body) == (304, "")
    assert known.headers == {"ETag": TAG, "Cache-Control": "private, no-cache"}


@pytest.mark.parametrize("asked", ["", '"other"', TAG.strip('"'), "W/"])
def test_what_is_not_known_is_sent(asked: str) -> None:
    assert unless_known(REPLY, asked) is REPLY


def test_a_reply_without_a_digest_is_always_sent() -> None:
    plain = text_reply("1.0")
    assert unless_known(plain, "*") is plain


def test_another_body_has_another_digest() -> None:
    assert etagged(text_reply("1.1")).headers["ETag"] != TAG
    assert etagged(text_reply("1.0")).headers["ETag"] == TAG
