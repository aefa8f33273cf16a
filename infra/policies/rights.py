"""Permissions of a function as a record, and as an IAM policy. Which function has which: functions.py.

No action is a wildcard. A resource ends in one only where names are made at run time: objects under a prefix, secrets
of this installation, streams of the function's own log group.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

SEND = ("GetQueueUrl", "SendMessage")
RECEIVE = ("ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "ReceiveMessage")
LOG = ("CreateLogStream", "PutLogEvents")

SECRET_PLACES = ("git-repositories/", "hooks/", "installation/", "projects/")
"""How the names of secrets begin behind the prefix: another installation's may begin with the same letters."""

Statement = dict[str, Any]
Actions = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Permissions of a function. tables: DynamoDB actions by table. indexes: those it queries, by table.

    sends, receives: queues by the name of their definition. objects: S3 actions by key prefix. secrets: actions of
    Secrets Manager. connections: may send to WebSocket connections and close them. mail: may send it by SES.
    """

    tables: Mapping[str, Actions] = field(default_factory=dict)
    indexes: Mapping[str, Actions] = field(default_factory=dict)
    sends: Actions = ()
    receives: Actions = ()
    objects: Mapping[str, Actions] = field(default_factory=dict)
    secrets: Actions = ()
    connections: bool = False
    mail: bool = False


def policy(rights: Rights, logs: str) -> dict[str, Any]:
    """Return the permissions as a CloudFormation policy document. logs: logical id of the function's log group."""
    return {"Version": "2012-10-17", "Statement": [*_statements(rights), _logs_statement(logs)]}


def table_id(table: str) -> str:
    """Return the logical id of a table."""
    return f"{table.capitalize()}Table"


def queue_id(queue: str) -> str:
    """Return the logical id of a queue."""
    return f"{queue.capitalize()}Queue"


def _statements(rights: Rights) -> Iterator[Statement]:
    for table, actions in rights.tables.items():
        yield _allowed("dynamodb", actions, _arn(table_id(table)))
    for table, indexes in rights.indexes.items():
        arns = [{"Fn::Sub": f"${{{table_id(table)}.Arn}}/index/{index}"} for index in indexes]
        yield _allowed("dynamodb", ("Query",), *arns)
    if rights.sends:
        yield _allowed("sqs", SEND, *(_arn(queue_id(queue)) for queue in rights.sends))
    if rights.receives:
        yield _allowed("sqs", RECEIVE, *(_arn(queue_id(queue)) for queue in rights.receives))
    yield from _object_statements(rights)
    if rights.secrets:
        begin = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${Prefix}"
        places = [{"Fn::Sub": f"{begin}{place}*"} for place in SECRET_PLACES]
        yield _allowed("secretsmanager", rights.secrets, *places)
    if rights.connections:
        api = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${LiveApi}/live"
        arns = [{"Fn::Sub": f"{api}/{method}/@connections/*"} for method in ("POST", "DELETE")]
        yield _allowed("execute-api", ("ManageConnections",), *arns)
    if rights.mail:
        identity = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${MailIdentity}"
        yield _allowed("ses", ("SendEmail", "SendRawEmail"), {"Fn::Sub": identity})


def _object_statements(rights: Rights) -> Iterator[Statement]:
    for prefix, actions in rights.objects.items():
        yield _allowed("s3", actions, {"Fn::Sub": f"${{PackagesBucket.Arn}}/{prefix}*"})
    if rights.objects:
        # Without it S3 answers Forbidden for a missing object.
        yield _allowed("s3", ("ListBucket",), _arn("PackagesBucket"))


def _logs_statement(logs: str) -> Statement:
    name = f"arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:${{{logs}}}:log-stream:*"
    return _allowed("logs", LOG, {"Fn::Sub": name})


def _allowed(service: str, actions: Actions, *resources: Mapping[str, Any]) -> Statement:
    named = [f"{service}:{action}" for action in sorted(actions)]
    return {"Effect": "Allow", "Action": named, "Resource": list(resources)}


def _arn(logical: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical, "Arn"]}
