"""Documents of pipelines of gates, and what stands around them."""

from collections.abc import Mapping
from typing import Any

from chalicelib.kernel.definitions.compile_pipeline import compile_pipeline
from chalicelib.kernel.definitions.definition import with_settings
from chalicelib.kernel.definitions.gated.read import read_gated_pipeline
from chalicelib.kernel.definitions.gated.settings import settings_of
from chalicelib.kernel.definitions.gated.surroundings import Carried, StageEnvironment, Surroundings
from chalicelib.kernel.plans.plan import Plan, Stage
from tests.builders import NOON
from tests.kernel.definitions.given import a_pipeline, a_run_ask

DEV, PROD = 10101, 10201
WEB, API, DOCS = 10301, 10401, 10501
Json = Mapping[str, Any]

ROLES: tuple[Json, ...] = (
    {"roleName": "testers", "users": ["ada"], "groups": ["qa", "ops"], "emails": ["qa@example.com"]},
    {"roleName": "owners", "groups": ["ops"]},
)


def a_stage(*steps: Json, gates: tuple[Json, ...] = (), environment: int = DEV) -> Json:
    return {"environmentId": environment, "gates": list(gates), "steps": list(steps)}


def a_step(kind: str, name: str = "step", **fields: object) -> Json:
    return {"stepName": name, "stepType": f"STAGE_{kind}_STEP", **fields}


def a_gate(kind: str, name: str = "gate", **fields: object) -> Json:
    return {"gateName": name, "gateType": f"STAGE_{kind}_GATE", **fields}


def a_document(*stages: Json, **fields: object) -> Json:
    return {"stages": list(stages), "roles": list(ROLES), **fields}


def carried(number: int = WEB, name: str = "web", priority: int = 1) -> Carried:
    return Carried(
        id=number, project=name, application=name, title=name, priority=priority, version="1.0", deploy=f"deploy {name}"
    )


def around(*snapshot: Carried) -> Surroundings:
    return Surroundings(
        environments={
            DEV: StageEnvironment(name="dev", code="DEV", title="Development"),
            PROD: StageEnvironment(name="prod", code="PROD", title="Production"),
        },
        carried=snapshot or (carried(),),
        timezone="Europe/Berlin",
    )


def planned(document: Json, *snapshot: Carried) -> Plan:
    pipeline = read_gated_pipeline(document, NOON)
    return compile_pipeline(with_settings(a_pipeline(), settings_of(pipeline, around(*snapshot))), a_run_ask())


def stage_of(*steps: Json, gates: tuple[Json, ...] = (), snapshot: tuple[Carried, ...] = ()) -> Stage:
    return planned(a_document(a_stage(*steps, gates=gates)), *snapshot).stages[0]
