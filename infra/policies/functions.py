"""Permissions of each function. tests/infra/test_package_policies.py checks them against the code.

No function may scan a table, or create or delete one: CloudFormation does.
"""

from infra.policies.rights import Rights

READ = ("BatchGetItem", "GetItem", "Query")

API = Rights(
    tables={
        "access": ("DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"),
        "audit": (*READ, "PutItem"),
        "inventory": (*READ, "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "PutItem", "UpdateItem"),
        "logs": ("BatchWriteItem", "GetItem", "PutItem", "Query"),
        "projects": (*READ, "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "PutItem", "UpdateItem"),
        "runs": (*READ, "BatchWriteItem", "DeleteItem", "PutItem", "UpdateItem"),
        "trains": (*READ, "BatchWriteItem", "PutItem"),
        "workloads": (*READ, "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "PutItem", "UpdateItem"),
    },
    indexes={
        "access": ("by_first", "by_second"),
        "audit": ("by_first", "by_second"),
        "inventory": ("by_first", "by_second"),
        "projects": ("by_first",),
        "runs": ("by_definition", "by_due", "by_listing", "by_nonce", "by_pool", "by_project", "by_train"),
        "trains": ("by_first", "by_second"),
        "workloads": ("by_first", "by_second"),
    },
    sends=("checks", "effects", "events", "live", "timers"),
    objects={
        "logs/": ("DeleteObject", "GetObject", "PutObject"),
        "folds/": ("DeleteObject", "GetObject", "PutObject"),
        "packages/": ("DeleteObject", "GetObject", "ListMultipartUploadParts", "PutObject"),
        "runs/": ("DeleteObject", "GetObject"),
        "templates/": ("GetObject", "PutObject"),
    },
    secrets=("CreateSecret", "DeleteSecret", "GetSecretValue", "PutSecretValue"),
    connections=True,
)
PAGES = Rights(
    tables={
        "access": ("DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"),
        "audit": ("BatchGetItem", "GetItem", "PutItem"),
        "inventory": (*READ, "ConditionCheckItem", "DeleteItem", "PutItem", "UpdateItem"),
        "logs": ("GetItem", "PutItem", "Query"),
        "projects": (*READ, "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "PutItem"),
        "runs": (*READ, "PutItem", "UpdateItem"),
        "trains": (*READ, "PutItem"),
        "workloads": (
            "BatchGetItem",
            "BatchWriteItem",
            "ConditionCheckItem",
            "DeleteItem",
            "GetItem",
            "PutItem",
            "Query",
            "UpdateItem",
        ),
    },
    indexes={
        "access": ("by_first", "by_second"),
        "audit": ("by_first", "by_second"),
        "inventory": ("by_first", "by_second"),
        "projects": ("by_first",),
        "runs": ("by_definition", "by_due", "by_listing", "by_pool", "by_project", "by_train"),
        "trains": ("by_first", "by_second"),
        "workloads": ("by_first",),
    },
    sends=("effects", "events", "live", "timers"),
    objects={
        "logs/": ("DeleteObject", "GetObject", "PutObject"),
        "folds/": ("PutObject",),
        "runs/": ("GetObject",),
        "packages/": ("GetObject",),
    },
    secrets=("CreateSecret", "DeleteSecret", "GetSecretValue", "PutSecretValue"),
    connections=True,
)
"""They start runs and decide about them as the API does, and seal logs of what they cancel."""
ADVANCE = Rights(
    tables={
        "access": ("DeleteItem", "GetItem", "PutItem", "Query"),
        "audit": ("BatchGetItem", "GetItem", "PutItem"),
        "inventory": ("BatchGetItem", "ConditionCheckItem", "GetItem", "PutItem", "Query"),
        "logs": ("GetItem", "PutItem", "Query"),
        "projects": (*READ, "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "PutItem"),
        "runs": ("BatchGetItem", "GetItem", "PutItem", "Query", "UpdateItem"),
        "trains": (*READ, "PutItem"),
        "workloads": (
            "BatchWriteItem",
            "ConditionCheckItem",
            "DeleteItem",
            "GetItem",
            "PutItem",
            "Query",
            "UpdateItem",
        ),
    },
    indexes={
        "access": ("by_first",),
        "projects": ("by_first",),
        "runs": ("by_nonce", "by_pool", "by_train"),
        "trains": ("by_first", "by_second"),
    },
    sends=("effects", "events", "live", "timers"),
    receives=("events", "timers"),
    objects={"logs/": ("DeleteObject", "GetObject", "PutObject"), "folds/": ("PutObject",), "runs/": ("GetObject",)},
    secrets=("GetSecretValue",),
    connections=True,
)
EFFECTS = Rights(
    tables={
        "access": ("DeleteItem", "GetItem", "PutItem", "Query"),
        "audit": ("PutItem",),
        "inventory": ("BatchGetItem", "ConditionCheckItem", "GetItem", "PutItem", "Query"),
        "projects": READ,
        "runs": ("BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"),
        "trains": (*READ, "PutItem"),
        "workloads": (
            "BatchWriteItem",
            "ConditionCheckItem",
            "DeleteItem",
            "GetItem",
            "PutItem",
            "Query",
            "UpdateItem",
        ),
    },
    indexes={"access": ("by_first",), "runs": ("by_train",), "trains": ("by_first", "by_second")},
    sends=("checks", "effects", "events", "live", "timers"),
    receives=("effects",),
    objects={"folds/": ("PutObject",), "runs/": ("GetObject",)},
    secrets=("GetSecretValue",),
    mail=True,
    connections=True,
)
CHECKS = Rights(
    tables={
        "audit": ("PutItem",),
        "inventory": ("GetItem", "UpdateItem"),
        "runs": ("BatchWriteItem", "DeleteItem", "GetItem", "PutItem"),
    },
    sends=("checks", "effects"),
    receives=("checks",),
    objects={"packages/": ("DeleteObject", "GetObject")},
)
SWEEP = Rights(
    tables={
        "audit": (*READ, "BatchWriteItem", "PutItem"),
        "inventory": ("GetItem",),
        "projects": ("GetItem",),
        "runs": (*READ, "BatchWriteItem", "PutItem", "UpdateItem"),
    },
    indexes={
        "projects": ("by_first",),
        "runs": ("by_due", "by_project"),
        "trains": ("by_second",),
        "workloads": ("by_second",),
    },
    sends=("effects", "timers"),
    objects={"runs/": ("GetObject", "PutObject")},
)
LIVE = Rights(
    tables={
        "access": ("DeleteItem", "GetItem", "PutItem", "UpdateItem"),
        "logs": ("GetItem", "PutItem", "Query"),
        "runs": ("GetItem", "Query"),
    },
    sends=("live",),
    receives=("live",),
    objects={"logs/": ("DeleteObject", "GetObject", "PutObject"), "runs/": ("GetObject",)},
    connections=True,
)
