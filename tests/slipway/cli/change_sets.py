"""A change set, as the API shows it."""

from typing import Any

COMMIT = {
    "version": "1.0",
    "revision": "0123456789abcdef",
    "branch": "main",
    "message": "Mend the till\n\nIt stuck.",
    "author": "Cy",
    "by": "bob",
    "at": "2030-05-01T12:00:00+00:00",
}
DEPLOYMENT: dict[str, Any] = {
    "project": "shop",
    "environment": "live",
    "deployment": "app",
    "action": "deploy",
    "application": "demo/app",
    "old": "0.9",
    "new": "1.0",
    "reason": "",
    "inputs": [
        {"name": "port", "kind": "changed", "secret": False, "old": 80, "new": 81},
        {"name": "password", "kind": "added", "secret": True, "old": None, "new": None},
    ],
    "providers": [{"name": "db", "kind": "removed", "secret": False, "old": "postgres", "new": None}],
    "commits": [COMMIT, {**COMMIT, "version": "0.9.5", "message": "", "author": ""}],
    "files": [{"path": f"till{number}.py", "kind": "added"} for number in range(14)],
    "back": False,
    "cut": False,
}
CHANGES: dict[str, Any] = {
    "digest": "d1" * 32,
    "deployments": [DEPLOYMENT],
    "steps": [
        {"name": "deploy", "does": "deploy app in shop/live", "change": None, "fields": []},
        {"name": "smoke", "does": "script on a runner of pool gpu", "change": "changed", "fields": ["pool"]},
    ],
    "since": "R0",
}
