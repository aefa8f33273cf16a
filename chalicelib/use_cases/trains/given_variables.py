"""The variables that somebody gives a train, a snapshot or a deployment: checked, and completed by a template."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from chalicelib.kernel.faults import Conflict, Worded
from chalicelib.kernel.secret_inputs import SECRET, parted, secret_input_defects
from chalicelib.kernel.trains.numbering import folded
from chalicelib.kernel.trains.template import Template, TemplateVariable, filled
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.transitions import titled
from chalicelib.kernel.trains.variables import VariableSet, variable_defects
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

Given = Mapping[str, object]
"""Values by name; a secret one is `{"secret": "…"}`."""

Keeping = Callable[[Ports, VariableSet, Given, str], VariableSet]
"""What returns the variables of a scope anew. Its last argument: prefix of the names of secrets."""


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


def only_plain(_: Ports, before: VariableSet, given: Given, place: str) -> VariableSet:
    """Return the variables of a scope anew, for those who store no secrets. Faults: TypeError if one is among them."""
    parts = parted(given)
    if parts.secrets:
        raise TypeError(f"no secrets are stored for {place}")
    return replace(before, values={name: str(value) for name, value in parts.plain.items()})


def template_of(ports: Ports, train: Train) -> Template | None:
    """Return the template that the train was made from, if any. Faults: Conflict if it is gone."""
    if not train.template:
        return None
    found = ports.templates.find_template(train.template)
    if found is None:
        raise Conflict(Worded("{} was made from template {}, which is gone", titled(train), train.template))
    return found
