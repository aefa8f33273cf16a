"""Rows of the API's home page, health check and documentation. They use only the operation table, not the kernel."""

import json
from collections.abc import Callable
from functools import cache

from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.dialects.platform.pages import words
from chalicelib.http.operation import Group, Handling, Operation, Schema
from chalicelib.http.permission import PUBLIC
from chalicelib.http.reply import HTML_MEDIA, TEXT_MEDIA
from chalicelib.http.site.docs import page
from chalicelib.http.site.openapi import document

GROUP = Group(PLATFORM, "Pages")


def pages_of(table: Callable[[], tuple[Operation, ...]]) -> tuple[Operation, ...]:
    """Return the rows that document a table, which may contain these rows.

    Documents are rendered once, on first use.
    """

    @cache
    def described() -> str:
        return json.dumps(document(table(), title=words.TITLE, version=words.VERSION), ensure_ascii=False)

    @cache
    def written() -> str:
        return page(json.loads(described()))

    return (*_status_rows(), *_pages(described, written))


def _status_rows() -> tuple[Operation, ...]:
    return (
        GROUP.operation(
            "GET /",
            "Say who is here; browsers go to the console.",
            PUBLIC,
            Handling(words.read_wants_page, lambda _, wants_page: wants_page, words.show_home),
            schema=Schema(answer=str, media=TEXT_MEDIA),
        ),
        GROUP.operation(
            "GET|HEAD /health",
            "Say that the API is alive.",
            PUBLIC,
            Handling(words.read_nothing, lambda _, __: None, words.show_health),
        ),
    )


def _pages(described: Callable[[], str], written: Callable[[], str]) -> tuple[Operation, ...]:
    return (
        GROUP.operation(
            "GET /openapi.json",
            "This API as an OpenAPI 3.1 document.",
            PUBLIC,
            Handling(words.read_nothing, lambda _, __: described(), words.show_document),
            schema=Schema(answer=dict[str, object]),
        ),
        GROUP.operation(
            "GET /docs",
            "This API as a page for people.",
            PUBLIC,
            Handling(words.read_nothing, lambda _, __: written(), words.show_page),
            schema=Schema(answer=str, media=HTML_MEDIA),
        ),
    )
