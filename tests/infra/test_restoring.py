"""Tables of which nothing is kept are not restored, and which one that is, is told."""

from typing import Any

import pytest

from infra.deploy.stack import Failed
from infra.restore.tables import Restoring


class Unkept:
    """DynamoDB, in which the recovery of every table is off."""

    def describe_continuous_backups(self, **_: object) -> dict[str, Any]:
        off = {"PointInTimeRecoveryStatus": "DISABLED"}
        return {"ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": off}}


def test_a_table_of_which_nothing_is_kept_is_told_before_anything_is_restored() -> None:
    restoring = Restoring(dynamodb=Unkept(), old="acme-", new="again-", at=None, pause=0.0)

    with pytest.raises(Failed, match="acme-projects cannot be restored"):
        restoring.restore()
