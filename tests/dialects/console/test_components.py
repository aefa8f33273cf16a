"""Components beside those of `frame/parts.html`, each by itself: what they are made of is golden."""

import pytest

from chalicelib.dialects.console.frame.templates import ROOT, environment
from tests.dialects.console.components import COMPONENTS
from tests.dialects.console.test_parts import Tags, shown
from tests.dialects.record import hold

EACH = [(template, name) for template, parts in COMPONENTS.items() for name in parts]


def component(template: str, name: str) -> str:
    """A component, as a page has it."""
    return shown(name.partition(" ")[0], *COMPONENTS[template][name], template=template)


def test_every_component_is_as_it_was_recorded() -> None:
    said = [{"asked": f"{template} {name}", "html": component(template, name)} for template, name in EACH]
    hold("components-of-pages", said)


@pytest.mark.parametrize(("template", "name"), EACH)
def test_a_component_closes_what_it_opens_and_holds_no_markup_of_others(template: str, name: str) -> None:
    tags = Tags()
    tags.feed(component(template, name))

    assert [tag for tag in tags.open if tag != "option"] == []
    assert not {"script", "img", "style"} & tags.tags


def test_every_template_of_components_is_shown_here_with_all_of_them() -> None:
    files = {str(path.relative_to(ROOT)): path.read_text() for path in ROOT.rglob("*.html")}
    held = {name for name, text in files.items() if "{% extends" not in text and "{% macro" in text}
    macros = {name: _macros(name) for name in held - {"frame/parts.html"}}

    assert macros == {template: {name.partition(" ")[0] for name in parts} for template, parts in COMPONENTS.items()}


def _macros(template: str) -> set[str]:
    held = environment().get_template(template).module.__dict__
    return {name for name, value in held.items() if type(value).__name__ == "Macro"}
