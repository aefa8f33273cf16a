"""Tasks and pipelines as the Deploy API shows them."""

from __future__ import annotations

from typing import Any

from tests.slipway.cli.runs import at

POD: dict[str, Any] = {
    "name": "hello-0", "namespace": "night", "phase": "Running", "task_id": "tsk_1", "node": "n1", "restarts": 2,
    "started_at": at(-60), "reason": "",
    "containers": [{"name": "hello-0", "image": "", "ready": True, "exit_code": 137}],
}  # fmt: skip
LISTED: dict[str, list[dict[str, Any]]] = {
    "jobs": [{"name": "fib", "namespace": "night", "id": "tsk_1", "status": "SUCCEEDED"}],
    "cronJobs": [],
    "deployments": [],
    "services": [
        {"name": "hello", "namespace": "night", "id": "tsk_2", "status": "AVAILABLE", "replicas": 2,
         "ready_replicas": 1, "prefix": "/hello/"}
    ],
}  # fmt: skip


def a_task(status: str, *pods: dict[str, Any], **more: object) -> dict[str, Any]:
    return {
        "id": "tsk_1", "name": "fib", "namespace": "night", "kind": "job", "repository": "quick_start",
        "directory": "fib", "branch": "main", "commit": None, "schedule": "", "status": status,
        "operation": "created", "identity": "ann", "created_at": at(0), "project": "web", "started_at": at(1),
        "finished_at": at(3) if status in ("SUCCEEDED", "FAILED") else None, "exit_code": None, "attempt": 1,
        "pods": list(pods), "message": "", "notes": [], "env": ["HOME_PAGE"], "log_url": "/v1/task/logs/tsk_1",
        **more,
    }  # fmt: skip


def a_member(name: str, status: str, *needs: str, **more: object) -> dict[str, Any]:
    return {
        "name": name, "namespacetask": f"quick_start/{name}", "status": status, "dependance": list(needs),
        "task_id": None if status == "WAITING" else f"tsk_{name}", "run-if-error": False, "message": "",
        "started_at": None if status == "WAITING" else at(1), "finished_at": None, **more,
    }  # fmt: skip


def a_pipeline(status: str, *tasks: dict[str, Any], **more: object) -> dict[str, Any]:
    return {
        "id": "ppl_1", "name": "cluster", "namespace": "night", "status": status, "created_at": at(0),
        "finished_at": None, "identity": "ann", "message": "", "tasks": list(tasks), **more,
    }  # fmt: skip
