"""Why a budget is missed, as far as that is known, by budget. What is met needs none."""

from collections.abc import Mapping

from tests.bench.budgets import Key

REASONS: Mapping[Key, str] = {}
