"""How hard the laws are tried: a fixed, repeatable effort by default, more of it when LAWS=thorough is set."""

import os

from hypothesis import HealthCheck, settings
from hypothesis.strategies import text

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None, suppress_health_check=SLOW)
settings.register_profile("thorough", deadline=None, max_examples=2000, suppress_health_check=SLOW)

THOROUGH = os.environ.get("LAWS") == "thorough"
FACTOR = 20 if THOROUGH else 1
NAME = "thorough" if THOROUGH else "repeatable"
PROFILE = settings.get_profile(NAME)


def hold_all() -> None:
    """Hold every law to these, wherever it stands: by hypothesis' own it fails when an example takes over 0.2 s."""
    settings.load_profile(NAME)


def effort(examples: int) -> settings:
    """The settings of a law that is usually tried on so many examples."""
    return settings(PROFILE, max_examples=examples * FACTOR)


def prepare() -> None:
    """Let hypothesis work out which characters there are. It keeps that on disk; each process would take 2 s for it."""
    text().validate()
