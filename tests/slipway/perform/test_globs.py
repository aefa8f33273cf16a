"""Globs of changed files: the runner means by them what the platform means, and nobody can make it think for long."""

import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from slipway.perform.globs import matches
from slipway_formats import glob as platform


@given(st.text("ab/*?[]!\\.", min_size=1, max_size=12), st.text("ab/.!*", min_size=1, max_size=12))
def test_the_runner_and_the_platform_mean_the_same(glob: str, path: str) -> None:
    assume(platform.check(glob, "glob") == ())
    assert matches(glob, path) is platform.matches(glob, path)


@pytest.mark.parametrize("glob", ["**/" * 12 + "x", "**/a/" * 30 + "x", "*a" * 150 + "b", "[a", "[z-a]"])
def test_no_glob_takes_long(glob: str) -> None:
    began = time.perf_counter()
    assert not matches(glob, "a/" * 500 + "a" * 2000)
    assert time.perf_counter() - began < 1
