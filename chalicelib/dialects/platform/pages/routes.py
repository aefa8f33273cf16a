"""Rows of the API's own pages and signs of life. They ask nothing of the kernel: the table is all they know."""

import json
from collections.abc import Callable
from functools import cache

from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.dialects.platform.pages import words
from chalicelib.http.docs import page
from chalicelib.http.openapi import document
from chalicelib.http.operation import About, Operation, operation
from chalicelib.http.permission import PUBLIC
from chalicelib.http.reply import HTML_MEDIA, TEXT_MEDIA

GROUP = "Pages"


def pages_of(table: Callable[[], tuple[Operation, ...]]) -> tuple[Operation, ...]:
    """The rows that tell of a table, which may hold these rows too. What they tell is made once, when first asked."""

    @cache
    def described() -> str:
        return json.dumps(document(table(), title=words.TITLE, version=words.VERSION), ensure_ascii=False)

    @cache
    def written() -> str:
        return page(json.loads(described()))

    return (*_signs_of_life(), *_pages(described, written))


def _signs_of_life() -> tuple[Operation, ...]:
    return (
        operation(
            PLATFORM,
            "GET /",
            read=words.read_wants_page,
            verb=lambda _, wants_page: wants_page,
            show=words.show_home,
            permission=PUBLIC,
            about=About(group=GROUP, summary="Say who is here; browsers go to /docs.", answer=str, media=TEXT_MEDIA),
        ),
        operation(
            PLATFORM,
            "GET /health",
            read=words.read_nothing,
            verb=lambda _, __: None,
            show=words.show_health,
            permission=PUBLIC,
            about=About(group=GROUP, summary="Say that the API is alive."),
        ),
    )


def _pages(described: Callable[[], str], written: Callable[[], str]) -> tuple[Operation, ...]:
    return (
        operation(
            PLATFORM,
            "GET /openapi.json",
            read=words.read_nothing,
            verb=lambda _, __: described(),
            show=words.show_document,
            permission=PUBLIC,
            about=About(group=GROUP, summary="This API as an OpenAPI 3.1 document.", answer=dict[str, object]),
        ),
        operation(
            PLATFORM,
            "GET /docs",
            read=words.read_nothing,
            verb=lambda _, __: written(),
            show=words.show_page,
            permission=PUBLIC,
            about=About(group=GROUP, summary="This API as a page for people.", answer=str, media=HTML_MEDIA),
        ),
    )
