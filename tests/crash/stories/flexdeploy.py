"""What FlexDeploy's clients do: look at where a snapshot is."""

from collections.abc import Mapping

from chalicelib.use_cases.travel.executions import ExecutionQuery, get_execution
from tests.crash.stories.releases import deployed
from tests.crash.stories.story import ROOT, Story, asking

STORIES: Mapping[str, Story] = {
    "look at the execution of a snapshot": Story(
        before=deployed,
        act=asking(get_execution, ExecutionQuery(by=ROOT, train=10_101, snapshot=10_102)),
        of=(get_execution,),
    ),
}
