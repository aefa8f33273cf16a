"""An account of AWS in one process, which checks every call against IAM and keeps a record of what was checked.

It runs in `.venv/deployed` alone: `python account.py RECORD`, with ministack's variables in the environment.
"""

import json
import random
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import local
from typing import Any, TextIO

from ministack.core import iam_evaluator, lambda_runtime
from ministack.services import apigateway_v1, dynamodb, lambda_svc
from ministack.services.cloudformation import provisioners
from samtranslator.translator import transform

APIS = "/_aws/execute-api/"
ALLOW = "Allow"
OF_BATCHES = {f"sqs:{action}Batch": f"sqs:{action}" for action in ("SendMessage", "DeleteMessage")}
"""AWS knows no rights of their own for batches: the right of a single message is that of many."""

BY_TLS = (b"x-forwarded-proto", b"https")


def record_checks(record: TextIO) -> None:
    """Append every new check of a role's rights to the record: a JSON line of role, action, resource and decision."""
    evaluate: Callable[..., Any] = iam_evaluator.evaluate
    enforce: Callable[..., Any] = iam_evaluator.enforce
    asking, known = local(), set[tuple[str, str, str, str]]()

    def evaluated(context: Any, *policies: object) -> Any:  # noqa: ANN401 - ministack has no types
        asking.role = _role_of(context.principal_arn)
        return evaluate(context, *policies)

    def enforced(key: str, action: str, *of: object, resource_arn: str = "*", **more: object) -> Any:  # noqa: ANN401
        asking.role, action = "", OF_BATCHES.get(action, action)
        refusal = enforce(key, action, *of, resource_arn=resource_arn, **more)
        check = (asking.role, action, resource_arn, ALLOW if refusal is None else _decision_of(refusal))
        if asking.role and check not in known:
            known.add(check)
            print(json.dumps(check), file=record, flush=True)
        return refusal

    iam_evaluator.evaluate, iam_evaluator.enforce = evaluated, enforced


def route_by_weight() -> None:
    """Let an alias share what comes in with a second version, as its routing says; each version has its own workers."""
    resolve: Callable[..., Any] = lambda_svc._effective_func_record_for_qualifier
    acquire: Callable[..., Any] = lambda_runtime.acquire_worker

    def resolved(function: Any, qualifier: str | None) -> Any:  # noqa: ANN401 - ministack has no types
        return resolve(function, _chosen(function, qualifier))

    def acquired(name: str, config: Any, code: bytes, **more: Any) -> Any:  # noqa: ANN401 - ministack has no types
        return acquire(name, config, code, **{**more, "qualifier": config["Version"]})

    lambda_svc._effective_func_record_for_qualifier, lambda_runtime.acquire_worker = resolved, acquired


def _chosen(function: Mapping[str, Any] | None, qualifier: str | None) -> str | None:
    """Return the version that an alias gives an invocation to by its weights; else what was asked for."""
    alias = function["aliases"].get(qualifier, {}) if function else {}
    for version, weight in alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {}).items():
        if random.random() < weight:  # noqa: S311 - spreads invocations, guards nothing
            return str(version)
    return qualifier


def keep_apis() -> None:
    """Let an update of a REST API change its paths and keep its id, as CloudFormation does."""
    kind = provisioners._RESOURCE_HANDLERS["AWS::ApiGateway::RestApi"]
    create, update = kind["create"], kind["update"]

    def updated(api: str, old: Any, new: Any, *of: str) -> Any:  # noqa: ANN401 - ministack has no types
        if old.get("Body") != new.get("Body"):
            made, _ = create(api, new, of[0])
            apigateway_v1._resources[api] = apigateway_v1._resources.pop(made)
            apigateway_v1._delete_rest_api(made)
        return update(api, {**old, "Body": new.get("Body")}, new, *of)

    kind["update"] = updated


def keep_recovery() -> None:
    """Let CloudFormation turn on the point-in-time recovery of tables, where their template says so."""
    kind = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]
    create = kind["create"]

    def created(table: str, properties: Mapping[str, Any], *of: object) -> Any:  # noqa: ANN401 - ministack has no types
        made = create(table, properties, *of)
        if setting := properties.get("PointInTimeRecoverySpecification"):
            wanted = {"TableName": made[0], "PointInTimeRecoverySpecification": setting}
            dynamodb._update_continuous_backups(wanted)
        return made

    kind["create"] = created


def remember_transforms() -> None:
    """Transform each template once: most stacks are of one, and nothing else is answered for the seconds it takes."""
    transformed: Callable[..., Any] = transform.transform
    known = dict[str, str]()

    def remembered(template: Mapping[str, Any], *of: object) -> Any:  # noqa: ANN401 - ministack has no types
        # The region alone counts besides, of which an account here has one.
        asked = json.dumps(template)
        if asked not in known:
            known[asked] = json.dumps(transformed(template, *of))
        return json.loads(known[asked])

    transform.transform = remembered


def as_on_aws(application: Callable[..., Any]) -> Callable[..., Any]:
    """Return the application with requests as AWS takes them: paths of APIs as they were sent, all else by TLS."""

    async def served(scope: dict[str, Any], receive: object, send: object) -> None:
        raw = scope.get("raw_path", b"").decode("latin-1")
        if scope["type"] == "http" and raw.startswith(APIS):
            # `a%2Fb` is one name.
            scope = {**scope, "path": raw}
        elif scope["type"] == "http":
            scope = {**scope, "headers": [*scope["headers"], BY_TLS]}
        await application(scope, receive, send)

    return served


def _decision_of(refusal: object) -> str:
    """Return how a refusal of IAM is called: `Deny`, `ImplicitDeny`, or the code of an authentication that failed."""
    return str(getattr(refusal, "decision", None) or getattr(refusal, "code", "Deny"))


def _role_of(principal: str) -> str:
    """Return the name of an assumed role; the principal itself, if it is another one."""
    kind, _, name = principal.rpartition(":")[2].partition("/")
    return name.partition("/")[0] if kind == "assumed-role" else principal


def main(record: Path) -> None:
    """Serve until told to stop."""
    from ministack import app

    route_by_weight()
    keep_apis()
    keep_recovery()
    remember_transforms()
    with record.open("a") as file:
        record_checks(file)
        app.app = as_on_aws(app.app)
        sys.argv[1:] = []
        app.main()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
