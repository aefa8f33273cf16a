"""Templates of trains: a pipeline, and the variables that what is made from it is given or must be given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from itertools import chain

from chalicelib.kernel.trains.numbering import folded, text_defects
from chalicelib.kernel.trains.variables import MOST, name_defects
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen


class VariableType(StrEnum):
    """The input with which a variable is requested."""

    TEXT = "text"
    LIST = "list"
    DYNAMIC_LIST = "dynamic-list"
    CHECKBOX = "checkbox"


@frozen
class TemplateVariable:
    """A variable that a template requests. initial: its default value. choices: of a list.

    restricted: no other value than the choices. sensitive: what is given for it is kept as a secret. stages: for
    deployments to these stages alone; empty for all.
    """

    name: str
    description: str = ""
    initial: str = ""
    required: bool = False
    sensitive: bool = False
    type: VariableType = VariableType.TEXT
    choices: tuple[str, ...] = ()
    multiple: bool = False
    restricted: bool = False
    stages: tuple[str, ...] = ()


@frozen
class Template:
    """A template of the installation. Names differ by more than case."""

    name: str
    pipeline: str
    train_variables: tuple[TemplateVariable, ...] = ()
    snapshot_variables: tuple[TemplateVariable, ...] = ()
    deployment_variables: tuple[TemplateVariable, ...] = ()
    version: int = 0


@frozen
class Filled:
    """The values given for the variables of a template. defects: what is missing or not among the choices."""

    values: Mapping[str, str] = field(default_factory=dict)
    defects: tuple[Defect, ...] = ()


def template_defects(template: Template) -> tuple[Defect, ...]:
    """Return all defects of a template."""
    named = (*_text_defects(template.name, "name"), *_text_defects(template.pipeline, "pipeline"))
    parts = ("train_variables", "snapshot_variables", "deployment_variables")
    return (*named, *(defect for part in parts for defect in _part_defects(getattr(template, part), part)))


def filled(variables: Sequence[TemplateVariable], given: Mapping[str, str], path: str = "variables") -> Filled:
    """Return the given variables, completed by the initial values of those left out."""
    by_name = {folded(name): value for name, value in given.items()}
    values = {one.name: by_name.get(folded(one.name), one.initial) for one in variables}
    known = {folded(one.name) for one in variables}
    others = {name: value for name, value in given.items() if folded(name) not in known}
    wrong = (_value_defects(one, values[one.name], f"{path}.{one.name}") for one in variables)
    said = {name: value for name, value in values.items() if value}
    return Filled(values={**others, **said}, defects=tuple(chain.from_iterable(wrong)))


def _text_defects(text: str, path: str) -> tuple[Defect, ...]:
    return text_defects(text, path) if text.strip() else (Defect(path, "is missing"),)


def _part_defects(variables: Sequence[TemplateVariable], path: str) -> Iterator[Defect]:
    if len(variables) > MOST:
        yield Defect(path, f"are over {MOST}")
        return
    names = [folded(one.name) for one in variables]
    for number, one in enumerate(variables):
        place = f"{path}[{number}]"
        yield from name_defects(one.name, f"{place}.name")
        if names[number] in names[:number]:
            yield Defect(f"{place}.name", f"{one.name} is there twice")
        if one.sensitive and one.initial:
            yield Defect(f"{place}.initial", "would be shown to everybody: a sensitive variable has none")
        if one.restricted and not one.choices:
            yield Defect(f"{place}.choices", "are missing")
        elif one.initial:
            yield from _choice_defects(one, one.initial, f"{place}.initial")


def _value_defects(variable: TemplateVariable, value: str, path: str) -> Iterator[Defect]:
    if value:
        yield from _choice_defects(variable, value, path)
    elif variable.required:
        yield Defect(path, "is required")


def _choice_defects(variable: TemplateVariable, value: str, path: str) -> Iterator[Defect]:
    if variable.type is VariableType.CHECKBOX:
        if value not in ("true", "false"):
            yield Defect(path, "is neither true nor false")
    elif variable.restricted and not variable.multiple and value not in variable.choices:
        yield Defect(path, f"{value[:64]!r} is not among its choices")
