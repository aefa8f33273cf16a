"""What is asked of FlexDeploy's rows. They let in all that are known; the handler says who may what.

Of a release, snapshot or task that is there and may not be read, FlexDeploy's clients are told so: 403, not 404.
"""

from collections.abc import Mapping

from tests.dialects.matrix.ask import Ask
from tests.dialects.matrix.callers import NOBODY, READERS

REST = "/flexdeploy/rest/v1"
TOLD = "403 says that it is there, as FlexDeploy does"
EXECUTION = f"{REST}/releases/{{releaseId}}/snapshot/{{snapshotId}}/execution"

FLEXDEPLOY_ASKS: Mapping[str, Ask] = {
    f"GET {EXECUTION}": Ask(
        where={"releaseId": "$delivered_train", "snapshotId": "$delivered_snapshot"},
        who=READERS,
        unseen=NOBODY,
        shows='"snapshotId":$delivered_snapshot',
        differs=TOLD,
    ),
}
