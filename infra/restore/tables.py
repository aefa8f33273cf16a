"""Tables as they were at a time, under another prefix: restored, and again with what a restored table lacks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.store.dynamo.schema import EXPIRY, TABLES, table_name
from infra.deploy.stack import Failed
from infra.policies.rights import table_id

NAMES = tuple(table_name(table) for table in TABLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoring:
    """From which prefix to which. dynamodb: boto3's client. at: None for the latest time there is. pause: seconds."""

    dynamodb: Any
    old: str
    new: str
    at: datetime | None = None
    pause: float = 20.0

    def restore(self) -> None:
        """Restore all tables to the same time, and wait until they can be used. Faults: Failed."""
        time = self.at or min(map(self._latest, NAMES))
        for name in NAMES:
            source, target = f"{self.old}{name}", f"{self.new}{name}"
            self.dynamodb.restore_table_to_point_in_time(
                SourceTableName=source, TargetTableName=target, RestoreDateTime=time
            )
        for name in NAMES:
            self._finish(f"{self.new}{name}")

    def to_import(self) -> Iterator[Mapping[str, Any]]:
        """The restored tables, as CloudFormation imports them."""
        for name in NAMES:
            yield {
                "ResourceType": "AWS::DynamoDB::Table",
                "LogicalResourceId": table_id(name),
                "ResourceIdentifier": {"TableName": f"{self.new}{name}"},
            }

    def _latest(self, name: str) -> datetime:
        found = self.dynamodb.describe_continuous_backups(TableName=f"{self.old}{name}")["ContinuousBackupsDescription"]
        recovery = found.get("PointInTimeRecoveryDescription", {})
        if "LatestRestorableDateTime" not in recovery:
            raise Failed(
                f"{self.old}{name} cannot be restored: nothing is kept of it, its point-in-time recovery is off"
            )
        latest: datetime = recovery["LatestRestorableDateTime"]
        return latest

    def _finish(self, table: str) -> None:
        """Wait for a table, and turn on again what a restored one lacks."""
        pace = {"Delay": self.pause, "MaxAttempts": 1000}
        self.dynamodb.get_waiter("table_exists").wait(TableName=table, WaiterConfig=pace)
        expiry = {"AttributeName": EXPIRY, "Enabled": True}
        self.dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=expiry)
        recovery = {"PointInTimeRecoveryEnabled": True}
        self.dynamodb.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=recovery)


def only_tables(template: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a template that makes the tables: an import may create nothing else."""
    kept = ("AWSTemplateFormatVersion", "Description", "Parameters", "Conditions")
    resources = {name: one for name, one in template["Resources"].items() if one["Type"] == "AWS::DynamoDB::Table"}
    return {**{name: template[name] for name in kept if name in template}, "Resources": resources}
