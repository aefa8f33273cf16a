"""A secret is found in every form in which programs write it, and nothing else is touched."""

import base64
import html
import json
import shlex
import subprocess
import textwrap
import time
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slipway.perform.masks import MASK, masks_of

PASSWORD = "s3cr3t&pa$$ w0rd\"é'\\/<+>%\U0001f600"
KEY = "-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA7\nabc\nQUJDREVGRw==\n-----END KEY-----\n"
SECRETS = st.text(min_size=4, max_size=30).filter(lambda text: len(text.strip()) >= 4 and text.isprintable())


def mask(text: str, *secrets: str) -> str:
    return masks_of(secrets).masked(text)


def bash(expression: str, locale: str) -> str:
    command = ["bash", "-c", f'printf "%s" "{expression}"']
    if expression == "%q":
        command = ["bash", "-c", 'printf "%q" "$p"']
    return subprocess.run(
        command, env={"p": PASSWORD, "LC_ALL": locale}, check=True, capture_output=True
    ).stdout.decode()


QUOTED = {
    "plain": PASSWORD,
    "url": urllib.parse.quote(PASSWORD, safe=""),
    "url with slashes": urllib.parse.quote(PASSWORD),
    "url in small letters": urllib.parse.quote(PASSWORD, safe="").replace("%2F", "%2f").replace("%C3%A9", "%c3%a9"),
    "form": urllib.parse.quote_plus(PASSWORD),
    "url twice": urllib.parse.quote(urllib.parse.quote(PASSWORD)),
    "json": json.dumps(PASSWORD),
    "json in utf-8": json.dumps(PASSWORD, ensure_ascii=False),
    "json with slashes": json.dumps(PASSWORD).replace("/", "\\/"),
    "json in json": json.dumps(json.dumps(PASSWORD)),
    "json for html": json.dumps(PASSWORD).replace("<", "\\u003c").replace("&", "\\u0026").replace(">", "\\u003E"),
    "xml": html.escape(PASSWORD),
    "xml without quotes": html.escape(PASSWORD, quote=False),
    "xml by numbers": "".join(f"&#{ord(letter)};" if not letter.isalnum() else letter for letter in PASSWORD),
    "xml by hexadecimal numbers": "".join(f"&#x{ord(one):X};" if not one.isalnum() else one for one in PASSWORD),
    "xml in xml": html.escape(html.escape(PASSWORD)),
    "shell": shlex.quote(PASSWORD),
    "shell's %q": bash("%q", "C.UTF-8"),
    "shell's %q without letters": bash("%q", "C"),
    "shell's @Q": bash("${p@Q}", "C.UTF-8"),
    "python": repr(PASSWORD),
    "python's bytes": repr(PASSWORD.encode()),
    "sql": PASSWORD.replace("'", "''"),
    "csv": PASSWORD.replace('"', '""'),
    "hexadecimal": PASSWORD.encode().hex(),
}


@pytest.mark.parametrize("form", QUOTED)
def test_a_quoted_secret_is_masked_whole(form: str) -> None:
    masked = mask(f"x={QUOTED[form]};", PASSWORD)

    assert masked.count(MASK) == 1
    assert not set(masked) & set("s3cr0d")


@given(SECRETS, st.binary(max_size=7), st.binary(max_size=7), st.booleans())
def test_a_secret_in_base64_is_masked_wherever_it_stands(secret: str, before: bytes, after: bytes, url: bool) -> None:
    whole = before + secret.encode("utf-8", "surrogatepass") + after
    coded = (base64.urlsafe_b64encode if url else base64.b64encode)(whole).decode()

    masked = mask(f"Authorization: Basic {coded}", secret)

    assert masked.startswith("Authorization: Basic ")
    first, last = len(before) * 8 // 6, -(-(len(before) + len(secret.strip().encode())) * 8 // 6)
    assert MASK in masked
    assert coded[first:last] not in masked


@pytest.mark.parametrize("secret", ["00\\\u00a1", "tab\\\tx", "two\\\\\nlines", "end\\\x1b"])
def test_an_escape_behind_a_backslash_is_found(secret: str) -> None:
    assert mask(json.dumps(secret), secret) == '"***"'


@given(SECRETS, st.text(alphabet="ab:", max_size=7))
def test_base64_in_base64_is_masked(secret: str, before: str) -> None:
    login = base64.b64encode(f"{before}{secret}".encode()).decode()

    masked = mask(base64.b64encode(f'{{"auth": "{login}"}}'.encode()).decode(), secret)

    assert MASK in masked


@given(SECRETS, st.text(max_size=5), st.text(max_size=5))
def test_any_secret_is_masked_in_json_url_and_xml(secret: str, before: str, after: str) -> None:
    for coded in (json.dumps(secret)[1:-1], urllib.parse.quote(secret, safe=""), html.escape(secret), secret):
        assert MASK in mask(f"{before}{coded}{after}".replace("\n", ""), secret)


@pytest.mark.parametrize("secret", ["pass\\¡word", "C:\\\\ü", "ab\\\nc"])
def test_backslashes_before_what_is_quoted_by_one_are_masked(secret: str) -> None:
    assert mask(f"say {json.dumps(secret)}!", secret) == f'say "{MASK}"!'


@pytest.mark.parametrize("before", range(0, 90, 7))
@pytest.mark.parametrize("width", [60, 64, 76])
def test_base64_that_is_broken_into_lines_is_masked(before: int, width: int) -> None:
    coded = base64.b64encode(b"x" * before + KEY.encode()).decode()
    whole = base64.b64encode(b"x" * before).decode().rstrip("=")

    lines = [mask(line, KEY) for line in textwrap.wrap(coded, width)]

    left = "".join(lines).replace(MASK, "").replace(whole[: len(whole) // 4 * 4], "")
    assert len(left) <= 12, "three letters at a line's end, and what is made of the last line's end, may stand"


def test_every_line_of_a_long_secret_is_masked_unless_it_is_too_short() -> None:
    assert mask("a MIIEpAIBAAKCAQEA7 b -----END KEY----- abc", KEY) == "a *** b *** abc"
    assert mask(f"whole {json.dumps(KEY)}!", KEY) == 'whole "***\\n"!'


@pytest.mark.parametrize("tiny", ["1", "", " ", "ab", "abc", "   a   "])
def test_under_four_characters_nothing_is_masked(tiny: str) -> None:
    assert mask("\x1b[1m1 of 11 is 10 + 1\x1b[0m abc", tiny) == "\x1b[1m1 of 11 is 10 + 1\x1b[0m abc"


def test_the_longest_secret_is_masked_first() -> None:
    assert mask("x hunter22 hunter2 y", "hunter2", "hunter22") == "x *** *** y"


@given(
    st.text(alphabet="\\'\"&amp;%25 \n+", min_size=4, max_size=60), st.text(alphabet="\\'\"&amp;%25 +", max_size=400)
)
def test_no_text_makes_masking_slow(secret: str, text: str) -> None:
    masks, begun = masks_of([secret]), time.process_time()

    masks.masked(text * 20)

    assert time.process_time() - begun < 2.0
