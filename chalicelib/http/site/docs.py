"""Render the OpenAPI document as one HTML page, without network access. Its one script searches it."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from chalicelib.http.site.examples import curl
from chalicelib.http.site.openapi import Document

STYLE = """
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 62rem; padding: 1rem; }
h1 { margin-bottom: 0; }
h2 { border-bottom: 2px solid var(--line); margin-top: 3rem; }
nav { columns: 16rem; margin: 1.5rem 0; }
nav ul { list-style: none; margin: 0 0 1rem; padding: 0; }
nav li { break-inside: avoid; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .4rem 0; padding: 0 .8rem; }
details[open] { padding-bottom: .6rem; }
summary { cursor: pointer; padding: .4rem 0; }
summary b { display: inline-block; font: 600 .8rem ui-monospace, monospace; min-width: 4.2rem; }
code, pre { font: .85rem/1.45 ui-monospace, monospace; }
summary code { overflow-wrap: anywhere; }
summary span { color: color-mix(in srgb, currentColor 65%, transparent); display: block; margin-left: 4.2rem; }
pre { background: color-mix(in srgb, currentColor 6%, transparent); border-radius: 6px; }
pre { overflow: auto; padding: .6rem; }
table { border-collapse: collapse; width: 100%; }
td, th { border-bottom: 1px solid var(--line); padding: .2rem .8rem .2rem 0; text-align: left; vertical-align: top; }
.get b { color: #15803d; } .post b { color: #b45309; } .put b, .patch b { color: #1d4ed8; }
.delete b { color: #b91c1c; }
input { box-sizing: border-box; font: inherit; padding: .4rem .6rem; width: 100%; }
"""
SCRIPT = """
const field = document.querySelector("input"), parts = [...document.querySelectorAll("[data-find]")];
const heads = [...document.querySelectorAll("section, h3, nav")];
function search() {
  const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
  for (const part of parts) part.hidden = !words.every((word) => part.dataset.find.includes(word));
  for (const head of heads) {
    if (head.matches("nav")) head.hidden = words.length > 0;
    else if (head.matches("section")) head.hidden = !head.querySelector("[data-find]:not([hidden])");
    else head.hidden = !shownBelow(head);
  }
  document.querySelector("output").textContent = words.length
    ? `${parts.filter((part) => !part.hidden).length} of ${parts.length}` : "";
}
function shownBelow(head) {
  for (let next = head.nextElementSibling; next && !next.matches("h3"); next = next.nextElementSibling)
    if (!next.hidden) return true;
  return false;
}
field.closest("p").hidden = false;
field.addEventListener("input", search);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && event.target !== field) { event.preventDefault(); field.focus(); }
});
search();
"""


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    f"style-src {_hash(STYLE)}; script-src {_hash(SCRIPT)}"
)
"""The page may use its own style and script, and nothing else."""


class Entry(NamedTuple):
    """One operation of the document."""

    path: str
    method: str
    detail: Document


def page(document: Document) -> str:
    """Return the page of an OpenAPI document."""
    title = escape(f"{document['info']['title']} {document['info']['version']}")
    groups, components = _groups(document), document["components"]["schemas"]
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>",
            f"<h1>{title}</h1>",
            # Beside this page, also where a stage or a proxy puts something before both.
            '<p>The same as a document for programs: <a href="openapi.json">openapi.json</a>.</p>',
            '<p hidden><input type="search" aria-label="Search" placeholder="Search: words of paths and summaries">',
            '<output role="status"></output></p>',
            _contents(groups),
            *(part for dialect, inner in groups.items() for part in _dialect(dialect, inner, components)),
            *_shapes(document),
            f"<script>{SCRIPT}</script>",
            "</body>\n</html>\n",
        )
    )


def _groups(document: Document) -> dict[str, dict[str, list[Entry]]]:
    groups: dict[str, dict[str, list[Entry]]] = {}
    for path, methods in document["paths"].items():
        for method, detail in methods.items():
            inner = groups.setdefault(detail["x-dialect"], {})
            inner.setdefault(detail["x-group"], []).append(Entry(path, method, detail))
    return groups


def _contents(groups: dict[str, dict[str, list[Entry]]]) -> str:
    def lines(dialect: str) -> Iterator[str]:
        for group, entries in groups[dialect].items():
            yield f'<li><a href="#{_anchor(dialect, group)}">{escape(group)}</a> ({len(entries)})</li>'

    parts = (f"<strong>{escape(dialect)}</strong><ul>{''.join(lines(dialect))}</ul>" for dialect in groups)
    return f"<nav>{''.join(parts)}</nav>"


def _dialect(dialect: str, groups: dict[str, list[Entry]], components: Document) -> Iterator[str]:
    yield f"<section>\n<h2>{escape(dialect)}</h2>"
    for group, entries in groups.items():
        yield f'<h3 id="{_anchor(dialect, group)}">{escape(group)}</h3>'
        yield from (_entry(one, components) for one in entries)
    yield "</section>"


def _entry(entry: Entry, components: Document) -> str:
    detail = entry.detail
    found = escape(f"{entry.method} {entry.path} {detail['summary']} {detail['x-group']}".lower())
    parts = (
        f'<details class="{entry.method}" id="{escape(detail["operationId"])}" data-find="{found}">',
        f"<summary><b>{entry.method.upper()}</b> <code>{escape(entry.path)}</code>",
        f"<span>{escape(detail['summary'])}</span></summary>",
        f"<p>Needs: {escape(detail['x-permission'])}.</p>",
        _parameters(detail["parameters"]),
        _content("Body", detail.get("requestBody", {})),
        f"<p>Example</p><pre>{escape(curl(entry.method, entry.path, detail, components))}</pre>",
        *(_content(_response_title(status), answer) for status, answer in detail["responses"].items()),
        "</details>",
    )
    return "\n".join(part for part in parts if part)


def _response_title(status: str) -> str:
    return "Refusal" if status == "default" else f"Answer {status}"


def _parameters(parameters: list[Document]) -> str:
    if not parameters:
        return ""
    rows = (
        f"<tr><td><code>{escape(each['name'])}</code></td><td>{each['in']}</td>"
        f"<td>{'required' if each['required'] else 'optional'}</td><td>{_code(each['schema'])}</td></tr>"
        for each in parameters
    )
    heads = "<tr><th>Parameter</th><th>In</th><th></th><th>Schema</th></tr>"
    return f"<table>{heads}{''.join(rows)}</table>"


def _content(title: str, holder: Document) -> str:
    parts = (
        f"<p>{escape(title)}: {escape(media)}</p><pre>{_linked(content['schema'], indent=2)}</pre>"
        for media, content in holder.get("content", {}).items()
    )
    empty = f"<p>{escape(title)}: empty</p>" if "description" in holder else ""
    return "\n".join(parts) or empty


def _shapes(document: Document) -> Iterator[str]:
    shapes = document["components"]["schemas"]
    if not shapes:
        return
    yield '<section>\n<h2 id="shapes">Shapes</h2>'
    for name, schema in sorted(shapes.items()):
        summary = f"<summary><code>{escape(name)}</code></summary>"
        yield f'<details id="{_shape_anchor(name)}">{summary}<pre>{_linked(schema, indent=2)}</pre></details>'
    yield "</section>"


def _code(schema: Document) -> str:
    plain = {key: value for key, value in schema.items() if key != "title"}
    return f"<code>{_linked(plain)}</code>"


def _linked(schema: Document, indent: int | None = None) -> str:
    text = escape(json.dumps(schema, indent=indent, ensure_ascii=False))
    return re.sub(r"&quot;#/components/schemas/([\w.-]+)&quot;", _link, text)


def _link(found: re.Match[str]) -> str:
    return f'<a href="#{_shape_anchor(found[1])}">{found[1]}</a>'


def _shape_anchor(name: str) -> str:
    return f"shape-{escape(name)}"


def _anchor(dialect: str, group: str) -> str:
    return "group-" + re.sub(r"\W+", "-", f"{dialect} {group}".lower()).strip("-")
