"""The variables that somebody gives a train, a snapshot or a deployment: checked, completed by a template, stored."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.kernel.faults import Conflict, Worded
from chalicelib.kernel.secret_inputs import SECRET, parted, secret_input_defects
from chalicelib.kernel.trains.numbering import folded
from chalicelib.kernel.trains.template import Template, TemplateVariable, filled
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.transitions import titled
from chalicelib.kernel.trains.variables import Scope, ScopeKind, VariableSet, variable_defects
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.record_secrets import updated_inputs
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

Given = Mapping[str, object]
"""Values by name; a secret one is `{"secret": "…"}`."""


@frozen
class Checked:
    """Variables completed by a template, with everything that is wrong with them."""

    given: Given
    defects: tuple[Defect, ...] = ()


def checked(
    given: Given, asked_for: Sequence[TemplateVariable] = (), secrets: Mapping[str, str] | None = None
) -> Checked:
    """Complete what is given by what a template asks for. secrets: references of those that are kept already."""
    given = _with_secrets(given, asked_for)
    parts = parted(given)
    texts = {name: value for name, value in given.items() if isinstance(value, str)}
    hidden_texts = {name: value for name, value in parts.secrets.items() if isinstance(value, str)}
    unlike = [name for name in given if name not in texts and name not in parts.secrets]
    # A secret counts as given, whatever it is: a choice among known values is none.
    hidden = {folded(name) for name in parts.secrets}
    open_ones = [one for one in asked_for if folded(one.name) not in hidden]
    complete = filled(open_ones, texts)
    wrong = (
        *(Defect(f"variables.{name}", "is no text") for name in unlike),
        *variable_defects({**texts, **dict.fromkeys(parts.secrets, ""), **hidden_texts}),
        *secret_input_defects(given, secrets or {}, "variables"),
        *complete.defects,
    )
    secret_ones = {name: given[name] for name in parts.secrets}
    return Checked(given={**secret_ones, **complete.values}, defects=wrong)


def _with_secrets(given: Given, asked_for: Sequence[TemplateVariable]) -> Given:
    sensitive = {folded(one.name) for one in asked_for if one.sensitive}
    plain = {name for name, value in given.items() if value and isinstance(value, str) and folded(name) in sensitive}
    return {name: {SECRET: value} if name in plain else value for name, value in given.items()}


def stored(ports: Ports, before: VariableSet, given: Given, place: str) -> VariableSet:
    """Return the variables of a scope anew; the secrets among them are stored. place: prefix of the secrets' names."""
    plain, secrets = updated_inputs(ports, place, given, before.secrets)
    return replace(before, values={name: str(value) for name, value in plain.items()}, secrets=secrets)


def of_train(train: int) -> Scope:
    """The scope of a train's variables."""
    return Scope(kind=ScopeKind.TRAIN, place=str(train))


def of_snapshot(snapshot: int) -> Scope:
    """The scope of a snapshot's variables."""
    return Scope(kind=ScopeKind.SNAPSHOT, place=str(snapshot))


def of_deployment(run: str, stage: str) -> Scope:
    """The scope of the variables of a deployment. stage: its key in the run's plan."""
    return Scope(kind=ScopeKind.DEPLOYMENT, place=f"{run}/{stage}")


def template_of(ports: Ports, train: Train) -> Template | None:
    """Return the template that the train was made from, if any. Faults: Conflict if it is gone."""
    if not train.template:
        return None
    found = ports.templates.find_template(train.template)
    if found is None:
        raise Conflict(Worded("{} was made from template {}, which is gone", titled(train), train.template))
    return found
