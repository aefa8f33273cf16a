"""What a decision lets in, in words: of each deployment its versions, and what of it differs."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from chalicelib.kernel.changes.change_set import Between, ChangeSet, DeploymentChange
from chalicelib.kernel.changes.values import Difference, ValueChange
from chalicelib.kernel.plans.work import JobKind
from slipway_formats.frozen import frozen

MOST_LINES = 12
"""Commits, and files, that are shown; the others are counted."""

SIGNS: Mapping[Difference, str] = MappingProxyType(
    {Difference.ADDED: "+", Difference.REMOVED: "-", Difference.CHANGED: "~"}
)


@frozen
class Line:
    """One thing that differs. sign: +, - or ~, which its words say too."""

    sign: str
    words: str
    detail: str = ""


@frozen
class DeploymentPart:
    """What is done to a deployment. versions: from, and to. defect: why it cannot be told."""

    title: str
    versions: str
    defect: str
    lines: Sequence[Line]


@frozen
class ChangePart:
    """What a decision lets in. steps: that were otherwise when it was done last."""

    deployments: Sequence[DeploymentPart]
    steps: Sequence[Line]


def change_part(changes: ChangeSet) -> ChangePart:
    """Return a change set in words."""
    deployments = [_part(one) for one in changes.deployments]
    return ChangePart(deployments=deployments, steps=_steps(changes))


def _steps(changes: ChangeSet) -> Sequence[Line]:
    return [
        Line(sign=SIGNS[one.kind], words=f"step {one.name}, {one.kind}: {one.does}", detail=", ".join(one.fields))
        for one in changes.steps
        if one.kind is not None
    ]


def _part(one: DeploymentChange) -> DeploymentPart:
    return DeploymentPart(
        title=f"{one.action} {one.deployment} in {one.project}/{one.environment}",
        versions=_versions(one),
        defect=one.reason,
        lines=tuple(_lines(one)),
    )


def _versions(one: DeploymentChange) -> str:
    old, new = one.old or "nothing", one.new or ("nothing" if one.action is JobKind.DESTROY else "not known yet")
    return f"{old}, again" if old == new else f"{old} → {new}"


def _lines(one: DeploymentChange) -> Iterator[Line]:
    if one.between is not None:
        yield from _of_commits(one.between)
        yield from _of_files(one.between)
    for kind, values in (("input", one.inputs), ("provider", one.providers)):
        for value in values:
            yield Line(sign=SIGNS[value.kind], words=f"{kind} {value.name}, {value.kind}", detail=_value(value))


def _of_commits(between: Between) -> Iterator[Line]:
    sign, word = ("-", "taken back") if between.is_back else ("+", "new")
    for commit in between.commits[:MOST_LINES]:
        said = " ".join(filter(None, (commit.version, commit.revision[:10], commit.message.partition("\n")[0])))
        yield Line(sign=sign, words=f"commit, {word}: {said}", detail=f"by {commit.author or commit.by}")
    yield from _rest(len(between.commits), "commits", is_cut=between.is_cut)


def _of_files(between: Between) -> Iterator[Line]:
    for file in between.files[:MOST_LINES]:
        yield Line(sign=SIGNS[file.kind], words=f"file {file.path}, {file.kind}")
    yield from _rest(len(between.files), "files", is_cut=False)


def _rest(count: int, of: str, *, is_cut: bool) -> Iterator[Line]:
    if count > MOST_LINES or is_cut:
        yield Line(sign="…", words=f"and {max(0, count - MOST_LINES)} {of} more{', at least' if is_cut else ''}")


def _value(value: ValueChange) -> str:
    if value.is_secret:
        return "secret"
    match value.kind:
        case Difference.ADDED:
            return f"{value.new!r}"
        case Difference.REMOVED:
            return f"was {value.old!r}"
        case _:
            return f"{value.old!r} → {value.new!r}"
