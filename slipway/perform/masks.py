"""Find secrets in text in every form that programs write: plain, quoted, encoded, and wrapped base64."""

from __future__ import annotations

import base64
import html.entities
import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

MASK = "***"
SHORTEST = 4
"""Minimum characters of a masked secret.

A shorter one is no secret, and masking it would garble numbers and colours.
"""

_LONGEST_QUOTED = 12
"""Maximum characters of a quoted character; used when a line is split."""

_NAMED = {letter: name[:-1] for name, letter in html.entities.html5.items() if len(letter) == 1 and name[-1] == ";"}
_BACKSLASHED = {"\r": "r", "\t": "t", "\b": "b", "\f": "f", "\v": "v", "\a": "a", "\x1b": "e"}
_PIECE = re.compile(r"\\+|\r?\n|[A-Za-z0-9]+|.", re.DOTALL)
_ALPHANUMERIC = re.compile(r"[A-Za-z0-9]+")
_BASE64_END = r"(?:[A-Za-z0-9+/_-]|%2[bfBF])?(?:=|%3[dD]|\\u003[dD]){0,2}"
_LETTERS = frozenset(string.ascii_letters + string.digits + "+/_-")
_RUN = re.compile(r"[A-Za-z0-9+/_-]{4,}")
_LIKE_BASE64 = str.maketrans("-_", "+/")
_LONG = 16
_LONG_RUN = re.compile(f"[A-Za-z0-9+/_-]{{{_LONG}}}")


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of a secret. anchor: text that every match contains; searched first, because that is fast."""

    anchor: str
    pattern: str
    is_shifted: bool = False

    def found(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the start and end of each match in the text."""
        for found in _compiled(self.pattern).finditer(text):
            start = found.start()
            # The letter before a shifted form also encodes part of the secret's first byte.
            is_shared = self.is_shifted and start > 0 and text[start - 1] in _LETTERS
            yield start - is_shared, found.end()


@dataclass(frozen=True, slots=True)
class Masks:
    """Patterns for a set of secrets. longest: characters of the longest form.

    encoded: base64 forms, without letters that depend on neighbouring bytes. grams: every four letters of them.
    """

    forms: tuple[_Form, ...] = ()
    encoded: tuple[str, ...] = ()
    grams: frozenset[str] = frozenset()
    longest: int = 0

    def masked(self, text: str) -> str:
        """Return the line with the secrets masked."""
        if not self.forms:
            return text
        parts, at = list[str](), 0
        for start, end in self._found(text):
            if end > at:
                parts += (text[at:start], MASK) if start >= at else ()
                at = end
        plain = "".join((*parts, text[at:]))
        return _RUN.sub(self._unwrapped, plain) if self._may_be_wrapped(plain) else plain

    def cut(self, text: str, at: int) -> int:
        """Return the first position from `at` on where the text can be split without splitting a secret."""
        return max((end for start, end in self._found(text) if start < at < end), default=at)

    def _found(self, text: str) -> list[tuple[int, int]]:
        likely = [form for form in self.forms if form.anchor in text]
        return sorted(span for form in likely for span in form.found(text))

    def _may_be_wrapped(self, text: str) -> bool:
        ends = {text[:SHORTEST].translate(_LIKE_BASE64), text[-SHORTEST:].translate(_LIKE_BASE64)}
        return not self.grams.isdisjoint(ends) or _LONG_RUN.search(text) is not None

    def _unwrapped(self, run: re.Match[str]) -> str:
        """Mask parts of base64 that was wrapped into lines: a whole line, its end, or its beginning."""
        plain, line = run[0].translate(_LIKE_BASE64), run.string
        if plain[:SHORTEST] in self.grams and len(plain) >= _LONG and any(plain in form for form in self.encoded):
            return MASK
        begun = ended = 0
        if run.end() == len(line) and plain[-SHORTEST:] in self.grams:
            begun = max(_common(plain, form) for form in self.encoded)
        if run.start() == 0 and plain[:SHORTEST] in self.grams:
            ended = max(_common(form, plain) for form in self.encoded)
        kept = run[0][ended : len(plain) - begun]
        return f"{MASK * (ended > 0)}{kept}{MASK * (begun > 0)}"


def masks_of(secrets: Iterable[str]) -> Masks:
    """Return the masks of these secrets; for a multi-line secret, of each line and the whole."""
    wholes = {whole for secret in secrets for whole in _wholes(secret) if len(whole) >= SHORTEST}
    lines = {line.strip() for whole in wholes for line in whole.splitlines()}
    words = wholes | {line for line in lines if len(line) >= SHORTEST}
    encoded = tuple(sorted({form for whole in wholes for _, form in _base64_forms(whole)}))
    return Masks(
        forms=(*map(_quoted, sorted(words)), *(form for whole in sorted(wholes) for form in _coded(whole))),
        encoded=encoded,
        grams=frozenset(form[at : at + SHORTEST] for form in encoded for at in range(len(form) - SHORTEST + 1)),
        longest=max((len(word.encode("utf-8", "surrogatepass")) for word in words), default=0) * _LONGEST_QUOTED,
    )


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _wholes(secret: str) -> Iterator[str]:
    word = secret.strip()
    yield word
    yield word.replace("\r\n", "\n")
    # As SQL, YAML and CSV escape a quote.
    yield word.replace("'", "''")
    yield word.replace('"', '""')


def _coded(whole: str) -> Iterator[_Form]:
    for shift, stable in _base64_forms(whole):
        pattern = "".join(map(_base64_letter, stable)) + _BASE64_END
        yield _Form(_anchor(stable), pattern, is_shifted=shift > 0)
    digits = whole.encode("utf-8", "surrogatepass").hex()
    yield from (_Form(each, each) for each in (digits, digits.upper()))


def _anchor(text: str) -> str:
    """Return the longest part of a text that every form spells the same."""
    return max(_ALPHANUMERIC.findall(text), key=len, default="")


def _quoted(word: str) -> _Form:
    """Return the form of a word whose characters may be quoted as in URLs, JSON, XML, shells and other languages.

    No two spellings of a character start the same way, or their quantifiers are possessive: so no text makes matching
    slow.
    """
    pieces = _PIECE.findall(word)
    after = pairwise(("", *pieces))
    return _Form(_anchor(word), "".join(_quoted_piece(each, before[:1] == "\\") for before, each in after))


@lru_cache(maxsize=4096)
def _quoted_piece(piece: str, is_after_backslash: bool) -> str:  # noqa: FBT001 - from a cache by position
    found = _spelled(piece)
    # A backslash before it has taken all backslashes, also the one that an escape begins with.
    return found.replace(r"\\++", r"\\*+") if is_after_backslash else found


def _spelled(piece: str) -> str:
    if piece.isascii() and piece.isalnum():
        return piece
    if piece[0] == "\\":
        number = f"{{{len(piece)}}}"
        return rf"(?:\\{number[:-1]},}}+|(?i:(?:%(?:25)*+5c|\\++u005c|&(?:amp;)*+(?:#92|#x5c|bsol);){number}))"
    if piece.endswith("\n"):
        spelled = r"(?:%(?:25)*+0d)?%(?:25)*+0a|(?:\\++u000d)?\\++u000a|(?:&#(?:13|x0?d);)?&#(?:10|x0?a);|\\++0?12"
        return rf"(?:\r?\n|(?:\\++r)?\\++n|(?i:{spelled}))"
    return f"(?:{'|'.join(_spellings(piece))})"


def _spellings(letter: str) -> Iterator[str]:
    code, octets = ord(letter), letter.encode("utf-8", "surrogatepass")
    if letter == "'":
        yield r"""'\\++''|'"'"'"""
    if letter == " ":
        yield r"\+"
    if letter == "&":
        yield r"&(?:amp;)++"
    if letter == "%":
        yield r"%(?:25)++"
    yield rf"\\*+{re.escape(letter)}"
    if letter in _BACKSLASHED:
        yield rf"\\++{_BACKSLASHED[letter]}"
    pair = letter.encode("utf-16-be", "surrogatepass").hex()
    named = "".join(f"|{name}" for name in {_NAMED.get(letter), "apos" if letter == "'" else None} if name)
    forms = [
        "".join(rf"%(?:25)*+{octet:02x}" for octet in octets),
        "".join(rf"\\++x{octet:02x}" for octet in octets),
        "".join(rf"\\++u{pair[at : at + 4]}" for at in range(0, len(pair), 4)),
        rf"\\++u\{{0*+{code:x}\}}",
        rf"&(?:amp;)*+(?:#0*+{code}|#x0*+{code:x}{named});",
        "".join(rf"\\++0?{octet:03o}" for octet in octets),
    ]
    latin = [rf"%(?:25)*+{code:02x}", rf"\\++x{code:02x}"] if 0x80 <= code < 0x100 else []
    yield f"(?i:{'|'.join([*forms, *latin])})"


def _base64_letter(letter: str) -> str:
    match letter:
        case "+":
            return r"(?:[+-]|(?i:%(?:25)*+2b|\\++u002b))"
        case "/":
            return r"(?:\\*+/|_|(?i:%(?:25)*+2f|\\++u002f))"
        case _:
            return letter


def _base64_forms(whole: str) -> Iterator[tuple[int, str]]:
    """Yield the shift and letters of a text in base64, and in base64 of base64, as in files of registries' logins."""
    for shift in range(3):
        once = _stable(whole, shift)
        yield shift, once
        yield from ((again, _stable(once, again)) for again in range(3))


def _stable(word: str, shift: int) -> str:
    """Return the base64 letters that depend on the word alone. shift: bytes before it in a group of three."""
    octets = bytes(shift) + word.encode("utf-8", "surrogatepass")
    first, end = -(-shift * 8 // 6), len(octets) * 8 // 6
    return base64.b64encode(octets).decode()[first:end]


def _common(one: str, other: str) -> int:
    """Return how many letters at the end of `one` begin `other`; 0 when there are too few to be significant."""
    longest = min(len(one), len(other))
    return next((size for size in range(longest, SHORTEST - 1, -1) if one.endswith(other[:size])), 0)
