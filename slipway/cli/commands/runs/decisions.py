"""Commands that act on runs: approve, reject, override, revoke, cancel, retry, replay, abort, promote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import Command, json_option, notes_option, run_argument
from slipway.cli.show import output

if TYPE_CHECKING:
    from slipway.client import Client


BOUND = frozenset({"approve", "reject"})
"""Decisions that are sent with the digest of the change set which was shown."""

_digest = click.option(
    "--digest", default="", metavar="SHA256", help="Of the change set that you have seen, as `run changes` shows it."
)


def _decision(command: Command) -> Command:
    for option in (json_option, notes_option, click.argument("node", required=False, default="")):
        command = option(command)
    return run_argument(command)


@click.command()
@_decision
@_digest
def approve(reference: str, node: str, notes: str, *, digest: str) -> None:
    """Say yes to what waits in a run. NODE names it where more than one waits.

    The approval is bound to the change set that is shown: it lapses when that changes before anything has begun.

    Example: slipway run approve shop/delivery go --notes "looks good"
    """
    _decide("approve", reference, node, notes=notes, digest=digest)


@click.command()
@_decision
@_digest
def reject(reference: str, node: str, notes: str, *, digest: str) -> None:
    """Say no to what waits in a run. NODE names it where more than one waits.

    Example: slipway run reject shop/delivery --notes "the prices are wrong"
    """
    _decide("reject", reference, node, notes=notes, digest=digest)


@click.command()
@_decision
def override(reference: str, node: str, notes: str) -> None:
    """Let a gate or step that waits count as done. NODE names it where more than one waits.

    Example: slipway run override shop/delivery night --notes "urgent, see ticket 42"
    """
    _decide("override", reference, node, notes=notes)


@click.command()
@_decision
def revoke(reference: str, node: str, notes: str) -> None:
    """Take your own approval back, until the stage behind it begins. NODE names the gate.

    Example: slipway run revoke shop/delivery go
    """
    _decide("revoke", reference, node, notes=notes)


@click.command()
@run_argument
@notes_option
@json_option
def cancel(reference: str, notes: str) -> None:
    """Stop a run; what works ends first.

    Example: slipway run cancel shop/delivery#12
    """
    _act("cancel", reference, {"notes": notes})


@click.command()
@run_argument
@notes_option
@json_option
def retry(reference: str, notes: str) -> None:
    """Do again what failed in a run that has ended.

    Example: slipway run retry shop/delivery#12
    """
    _act("retry", reference, {"notes": notes})


@click.command()
@run_argument
@click.argument("stage", required=False, default="")
@notes_option
@json_option
def replay(reference: str, stage: str, notes: str) -> None:
    """Do a STAGE of a run once more; the last one when none is named.

    Example: slipway run replay shop/delivery#12 staging
    """
    _act("replay", reference, {"notes": notes}, stage)


@click.command()
@run_argument
@click.argument("stage", required=False, default="")
@notes_option
@json_option
def abort(reference: str, stage: str, notes: str) -> None:
    """Stop a STAGE of a run; the last one when none is named.

    Example: slipway run abort shop/delivery staging
    """
    _act("abort", reference, {"notes": notes}, stage)


@click.command()
@run_argument
@click.argument("stage")
@click.option("--at", "at", metavar="INSTANT", help="When; now if left out.")
@click.option("--if-met", "mode", flag_value="if-met", help="Refuse while a gate is not met, in place of waiting.")
@click.option("--force", "mode", flag_value="forced", help="Override gates that are not met, and the order of stages.")
@notes_option
@json_option
def promote(reference: str, stage: str, *, at: str | None, mode: str | None, notes: str) -> None:
    """Go on to a STAGE of a run as soon as its gates are met, now or at a time.

    Example: slipway run promote shop/delivery production --at 2030-05-01T22:00:00Z
    """
    from slipway.cli.show.times import now, parse_instant

    try:
        begin_at = parse_instant(at, now()).isoformat() if at else None
    except ValueError as error:
        raise click.BadParameter(f"{at!r} is no instant, such as 2030-05-01T12:00:00Z", param_hint="--at") from error
    given = {"begin_at": begin_at, "mode": mode}
    _act("promote", reference, {"notes": notes, "stage": stage, **{key: one for key, one in given.items() if one}})


@click.command()
@run_argument
@click.argument("stages", nargs=-1, required=True)
@click.option("--if-met", "mode", flag_value="if-met", help="Refuse while a gate is not met, in place of waiting.")
@click.option("--force", "mode", flag_value="forced", help="Override gates that are not met.")
@notes_option
@json_option
def redeploy(reference: str, stages: tuple[str, ...], *, mode: str | None, notes: str) -> None:
    """Deploy what an ended run carried to STAGES of it again, by a run of its own.

    Example: slipway run redeploy shop/delivery#12 staging production --if-met
    """
    from slipway.cli.runs.read import run_id
    from slipway.client import segment

    body = {"stages": list(stages), "notes": notes, **({"mode": mode} if mode else {})}
    with output.the_client() as api:
        shown = api.post(f"/api/v1/runs/{segment(run_id(api, reference))}/redeploy", body)
    _say(shown, f"redeploys {reference} by")


@click.command("pass")
@run_argument
@click.argument("stage", required=False, default="")
@click.option("--reason", required=True, metavar="TEXT", help="Why; the freeze may say how it has to begin.")
@json_option
def pass_(reference: str, stage: str, *, reason: str) -> None:
    """Let a STAGE that a freeze holds begin all the same; named where more than one is held.

    Example: slipway run pass shop/delivery production --reason "incident 42"
    """
    from slipway.cli.runs.read import run_id
    from slipway.client import segment

    with output.the_client() as api:
        path = f"/api/v1/runs/{segment(run_id(api, reference))}/pass"
        shown = api.post(path, {"reason": reason, "stage": stage})
    _say(shown, "let pass")


def _decide(decision: str, reference: str, node: str, *, notes: str, digest: str = "") -> None:
    from slipway.cli.runs.read import run_id
    from slipway.client import segment

    with output.the_client() as api:
        target = find_target(api, run_id(api, reference), node, decision)
        digest = digest or (_shown_digest(api, target) if decision in BOUND else "")
        body = {"decision": decision, "notes": notes, **target.body, **({"digest": digest} if digest else {})}
        shown = api.post(f"/api/v1/runs/{segment(target.run)}/decisions", body)
    done = {"approve": "approved", "reject": "rejected", "override": "overrode", "revoke": "took back"}[decision]
    _say(shown, f"{done} {target.title} in")


def _shown_digest(api: Client, target: Target) -> str:
    """Show on stderr what the decision lets in, and return the digest that binds it to that; empty if nothing waits."""
    from slipway.cli.changes.draw import tree
    from slipway.cli.changes.waiting import waiting_at

    waits = waiting_at(api, target.run, target.node, target.execution) if target.node else None
    if waits is None:
        return ""
    if waits["changes"]["deployments"] and not output.wants_json():
        output.write(output.side_console(), tree(waits["changes"], f"{target.title} lets in"))
    return str(waits["changes"]["digest"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a decision is about. node: its key, or as it was given. execution: None where nothing was found."""

    run: str
    title: str
    node: str
    execution: int | None = None

    @property
    def body(self) -> Mapping[str, object]:
        """Return how the platform is told which node is meant."""
        return {"node": self.node, **({} if self.execution is None else {"execution": self.execution})}


def find_target(api: Client, run: str, node: str, decision: str) -> Target:
    """Find the waiting node, in the run or its child runs.

    If none is found, pass the given name on: the platform decides, for its state may be newer. An approval to be taken
    back may wait no more.
    """
    if decision == "revoke":
        return Target(run=run, title=node or "the approval", node=node)
    from slipway.cli.runs.read import FamilyReader

    family = FamilyReader(api, run).read()
    found = [one for one in family.waiting() if node in ("", one[2].name, one[2].key)]
    if len(found) > 1:
        listed = ", ".join(f'"{waiting.name}"' for _, _, waiting in found)
        raise CommandError(f"more than one thing waits: {listed}", f"name it: slipway run {decision} RUN NODE")
    if not found:
        return Target(run=run, title=node or "what waited", node=node)
    where, stage, waiting = found[0]
    return Target(run=where.id, title=waiting.name, node=waiting.key, execution=stage.number)


def _act(act: str, reference: str, body: Mapping[str, object], stage: str = "") -> None:
    from slipway.cli.runs.read import run_id
    from slipway.client import segment

    with output.the_client() as api:
        run = run_id(api, reference)
        meant = {"execution": _execution(api, run, stage)} if stage else {}
        shown = api.post(f"/api/v1/runs/{segment(run)}/acts", {"act": act, **body, **meant})
    done = {"cancel": "cancelled", "retry": "retried", "replay": "replayed", "abort": "aborted", "promote": "promoted"}
    _say(shown, done[act])


def _execution(api: Client, run: str, stage: str) -> int:
    from slipway.cli.runs.read import shown_run
    from slipway.cli.runs.view import run_view

    seen = run_view(shown_run(api, run))
    numbers = [one.number for one in seen.stages if stage in (one.stage, one.name) and one.number]
    if not numbers:
        begun = ", ".join(dict.fromkeys(one.name for one in seen.stages if one.number)) or "none"
        raise CommandError(
            f"no stage {stage} of {seen.title} has begun", f"begun are: {begun}", code=ExitCode.NOT_FOUND
        )
    return max(numbers)


def _say(shown: Mapping[str, Any], done: str) -> None:
    from rich.text import Text

    from slipway.cli.runs.view import run_view
    from slipway.cli.show.phases import look
    from slipway.cli.show.plain_text import plain

    seen = run_view(shown)
    line = plain(f"{done} {seen.title}, which is now: {look(seen.phase).words}")
    output.show(shown, lambda: Text(line))
