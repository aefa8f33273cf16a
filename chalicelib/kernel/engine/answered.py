"""Fold into a transition what answers its effects, before it is committed."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.engine.advance import Transition, advance
from chalicelib.kernel.engine.effects import Effect
from chalicelib.kernel.engine.events import Event
from chalicelib.kernel.engine.refold import traced_on


def answered(transition: Transition, answers: Mapping[Effect, Event]) -> Transition:
    """Return the transition with some of its effects answered as of its instant; the others are left.

    Its run is what one fold of all events comes to, and keeps them as one. The answers must be of that instant.
    """
    events = tuple(answers.values())
    told = advance(transition.plan, transition.run, events, transition.at)
    left = tuple(effect for effect in transition.effects if effect not in answers)
    return replace(told, run=traced_on(transition.run, told.run, events), effects=(*left, *told.effects))
