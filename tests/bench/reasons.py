"""Why a budget is missed, as far as that is known, by budget. What is met needs none."""

from collections.abc import Mapping

from tests.bench.budgets import Key

REASONS: Mapping[Key, str] = {
    Key.VERSIONS: "half of it is making a sort key of each version, anew for every list; three reads take 0.5 ms each",
    Key.TRIGGER: "1.3 times what it was beside bada98e (18 and 24 ms): a job says that it begins before its command",
    Key.SHELL_CHAIN: "1.5 times what it was beside bada98e (15 and 23 ms), by as many calls to DynamoDB (17): a request"
    " more, by which a job says that it begins, and processor time of each request: server 13 ms a step (8), stand-in"
    " 10 (7, it verifies signatures now), runner 6 (4)",
    Key.SHELL_BLOCKS: "1.5 times what it was beside bada98e (11 and 17 ms), as of the chain",
    Key.SHELL_CROWD: "1.4 times what it was beside bada98e (10 and 15 ms), as of the chain",
    Key.DEPLOY: "15 calls to DynamoDB, and 9 ms of our own processor time",
    Key.BUILDS_LIST: "the queries of the stand-in alone take 22 to 26 µs a build, our own part about 17",
    Key.EXECUTION: "11 to 25 ms from time to time, on two cores that others used too; not taken apart yet",
    Key.GATE_APPROVAL: "the request asks store and queues 25 times; 35 ms with neither server nor platform beside it",
    Key.OUT_OF_DATE: "49 runs are worked off by two workers, on two cores that others used too",
    Key.DEPLOY_STEPS: "as of shell commands in parallel; not taken apart yet",
}
