"""Draw a change set: a branch for each deployment, with commits, files and inputs, and one for the steps. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from slipway.cli.show.plain_text import plain

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree

Shown = Mapping[str, Any]

SIGNS = {"added": "+", "removed": "-", "changed": "~"}
STYLES = {"added": "green", "removed": "red", "changed": "yellow"}
MOST_FILES = 12
"""Files that are listed; the others are counted."""


def brief(changes: Shown) -> list[str]:
    """What changes, in a few words for each deployment."""
    return [f"{one['deployment']} {_versions(one)}{_counts(one)}" for one in changes.get("deployments") or ()]


def tree(changes: Shown, title: str) -> Tree:
    """Render a change set under its title."""
    from rich.text import Text

    from slipway.cli.show.trees import WholeTree

    top = WholeTree(Text(plain(title), "bold"), guide_style="dim")
    for one in changes.get("deployments") or ():
        branch = top.add(Text(plain(_of_deployment(one))))
        for line in _told(one):
            branch.add(line)
    steps = [one for one in changes.get("steps") or () if one["does"] != "holds steps"]
    if steps:
        since = changes.get("since")
        branch = top.add(Text(plain(f"steps, against those of run {since}" if since else "steps")))
        for step in steps:
            branch.add(_of_step(step))
    top.add(Text(f"digest {changes['digest']}", "dim"))
    return top


def differences(shown: Shown, old: str, new: str) -> Tree:
    """Render what differs from one environment to another. old, new: their titles."""
    from rich.text import Text

    from slipway.cli.show.trees import WholeTree

    found = shown["deployments"]
    many = _counted(len(found), "differs", "differ") if found else "nothing differs"
    same = f", {_counted(len(shown['same']), 'is the same', 'are the same')}" if shown["same"] else ""
    top = WholeTree(Text(plain(f"{old} → {new}: {many}{same}"), "bold"), guide_style="dim")
    for one in found:
        branch = top.add(Text(plain(f"{one['deployment']} {_versions(one)}")))
        for line in _told(one):
            branch.add(line)
    return top


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _of_deployment(one: Shown) -> str:
    where = f"{one['project']}/{one['environment']}"
    return f"{one['action']} {one['deployment']} in {where}: {_versions(one)}"


def _versions(one: Shown) -> str:
    old, new = one["old"] or "none", one["new"] or ("?" if one["reason"] else "none")
    return f"{old}, again" if old == new else f"{old} → {new}"


def _counts(one: Shown) -> str:
    counted = (
        (len(one.get("commits") or ()), "commit"),
        (len(one.get("files") or ()), "file"),
        (len(one["inputs"]), "input"),
    )
    more = "+" if one.get("cut") else ""
    said = [f"{count}{more} {word}{'s' if count != 1 else ''}" for count, word in counted if count]
    return f" ({', '.join(said)})" if said else ""


def _told(one: Shown) -> Iterator[Text]:
    from rich.text import Text

    if one["reason"]:
        yield Text(plain(one["reason"]), "red")
    sign = "removed" if one.get("back") else "added"
    for commit in one.get("commits") or ():
        said = " ".join(filter(None, (commit["version"], commit["revision"][:10], commit["message"].split("\n")[0])))
        by = commit["author"] or commit["by"]
        yield Text(plain(f"{SIGNS[sign]} {said}, by {by}"), STYLES[sign])
    yield from _files(one)
    for kind in ("inputs", "providers"):
        for value in one[kind]:
            yield Text(plain(f"{SIGNS[value['kind']]} {kind[:-1]} {_of_value(value)}"), STYLES[value["kind"]])


def _files(one: Shown) -> Iterator[Text]:
    from rich.text import Text

    files = one.get("files") or ()
    for file in files[:MOST_FILES]:
        yield Text(plain(f"{SIGNS[file['kind']]} {file['path']}"), STYLES[file["kind"]])
    if len(files) > MOST_FILES:
        yield Text(f"and {len(files) - MOST_FILES} files more", "dim")


def _of_value(value: Shown) -> str:
    if value["secret"]:
        return f"{value['name']} (secret)"
    old, new = (f"{one!r}" if isinstance(one, str) else str(one) for one in (value["old"], value["new"]))
    said = {"added": new, "removed": f"was {old}", "changed": f"{old} → {new}"}
    return f"{value['name']}: {said[value['kind']]}"


def _of_step(step: Shown) -> Text:
    from rich.text import Text

    change = step["change"]
    fields = f" ({', '.join(step['fields'])})" if step["fields"] else ""
    mark = f"{SIGNS[change]} " if change else "  "
    return Text(plain(f"{mark}{step['name']}: {step['does']}{fields}"), STYLES.get(change or "", ""))
