"""What the published page leaves open, as docs/state.md and the API's own document have it: these fields, no others."""

from collections.abc import Mapping
from types import NoneType

import pytest

from tests.dialects.state.one_of_each import served, with_one_of_each

EVERY_EXECUTION = {
    "id": (str,),
    "run_nr": (int,),
    "status": (str,),
    "reason": (str,),
    "started_at": (str,),
    "finished_at": (str, NoneType),
    "started_by": (str,),
}
ADDED: Mapping[str, Mapping[str, tuple[type, ...]]] = {
    "BuildExecution": {**EVERY_EXECUTION, "build": (dict,), "commit": (dict,), "release_id": (str,)},
    "DeploymentJobExecution": {
        **EVERY_EXECUTION,
        "deployment_job": (dict,),
        "action": (str,),
        "version": (str,),
        "inputs": (dict,),
        "outputs": (dict,),
    },
    "PipelineExecution": {**EVERY_EXECUTION, "pipeline": (dict,)},
    "DeploymentJob": {
        **dict.fromkeys(("id", "name", "project", "environment", "deployment", "release", "version"), (str,)),
        **dict.fromkeys(("inputs", "providers"), (dict,)),
        "service_account_name": (str,),
        "disabled": (bool,),
        "status": (str,),
    },
}
"""What the page leaves open, and is ours."""


@pytest.mark.parametrize("name", ADDED)
def test_it_has_these_fields_and_no_others(name: str) -> None:
    shown = served(with_one_of_each())[name]

    assert set(shown) == set(ADDED[name])
    assert [field for field, kinds in ADDED[name].items() if type(shown[field]) not in kinds] == []
