"""Requests as the readers of dialects see them, and how bodies are read.

Authentication and permissions are elsewhere.
"""

from codecs import BOM_UTF8
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from chalicelib.http.query import Query
from chalicelib.http.read_in_part import NO_WORDS, Neutral, read_in_part
from chalicelib.http.shape import LARGEST_JSON, Model, parse_json, read_shape
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.faults import Invalid, TooLarge, Unauthenticated
from chalicelib.kernel.partial_read import UnreadableFields
from chalicelib.use_cases.audit.entries import Origin
from slipway_formats.frozen import frozen

FORM = "application/x-www-form-urlencoded"


@frozen
class Request:
    """A request with its caller and time.

    path: raw. parameters: of the path, unquoted once, by the row's names. headers: by lower-case name. seed: for ids
    made by this request; retries under one Idempotency-Key share it.
    """

    method: str
    path: str
    parameters: Mapping[str, str]
    query: Query
    headers: Mapping[str, str]
    content: bytes
    principal: Principal | None
    id: str
    seed: str
    now: datetime
    is_ambient: bool = False

    @property
    def asker(self) -> Principal:
        """Return the caller, who exists in every row that is not public. Faults: Unauthenticated."""
        if self.principal is None:
            raise Unauthenticated("no credentials were given")
        return self.principal

    @property
    def origin(self) -> Origin:
        """Return the caller, the time, and the seed of ids, for a command. Faults: Unauthenticated."""
        return Origin(by=self.asker, at=self.now, seed=self.seed)

    @property
    def media(self) -> str:
        """Return the media type of the body in lower case, without its parameters."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @property
    def looks_like_json(self) -> bool:
        """Whether the body is JSON or looks like it: some clients send an object as a form or as plain text."""
        return "json" in self.media or self.content.removeprefix(BOM_UTF8).lstrip().startswith(b"{")

    def header(self, name: str) -> str:
        """Return a header by name in any case; empty when absent."""
        return self.headers.get(name.lower(), "")

    def json(self) -> object:
        """Return the parsed body. Faults: Invalid, naming line and column; TooLarge."""
        return parse_json(self.content)

    def body(self, shape: type[Model]) -> Model:
        """Return the body as a shape. Faults: Invalid with every defect and its path; TooLarge."""
        if not self.content.removeprefix(BOM_UTF8).strip():
            raise Invalid.single("", "a JSON body is needed")
        return read_shape(shape, self.content)

    def body_in_part(self, shape: type[Model], neutral: Neutral = NO_WORDS) -> tuple[Model, UnreadableFields]:
        """Return the readable part of the body as a shape, and its unreadable fields. Faults: Invalid, TooLarge."""
        if not self.content.strip():
            raise Invalid.single("", "a JSON body is needed")
        return read_in_part(shape, self.content, neutral)

    def optional_body(self, shape: type[Model]) -> Model:
        """Return the body as a shape; no body means an empty object. Faults: Invalid, TooLarge."""
        return read_shape(shape, self.content.removeprefix(BOM_UTF8).strip() or b"{}")

    def form(self) -> tuple[tuple[str, str], ...]:
        """Return the pairs of a form body in order, including empty values. Faults: Invalid, TooLarge."""
        if len(self.content) > LARGEST_JSON:
            raise TooLarge(f"the body has {len(self.content)} bytes, more than the {LARGEST_JSON} that are taken")
        try:
            pairs = parse_qsl(
                self.content.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=10_000
            )
        except ValueError as error:
            raise Invalid.single("", "malformed form body") from error
        return tuple(pairs)
