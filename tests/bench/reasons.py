"""Why a budget is missed, as far as that is known, by budget. What is met needs none."""

from collections.abc import Mapping

from tests.bench.budgets import Key

REASONS: Mapping[Key, str] = {
    Key.VERSIONS: "half of it is making a sort key of each version, anew for every list; three reads take 0.5 ms each",
    Key.TRIGGER: "1.4 times what it was beside bada98e (20 and 27 ms): a job says that it begins before its command",
    Key.SHELL_CHAIN: "0.9 times what it was beside bada98e in the same minute (25 and 22 ms); where the time goes is"
    " told below",
    Key.SHELL_BLOCKS: "as much as beside bada98e in the same minute (17 and 17 ms), as of the chain",
    Key.SHELL_CROWD: "1.2 times what it was beside bada98e in the same minute (16 and 20 ms): a job says that it"
    " begins, and the stand-in verifies signatures; processor time of the server 11 ms, of the stand-in 8, of the"
    " runner 3.5",
    Key.DEPLOY: "15 calls to DynamoDB, and 9 ms of our own processor time",
    Key.BUILDS_LIST: "the queries of the stand-in alone take 22 to 26 µs a build, our own part about 17",
    Key.EXECUTION: "11 to 25 ms from time to time, on two cores that others used too; not taken apart yet",
    Key.GATE_APPROVAL: "the request asks store and queues 25 times; 35 ms with neither server nor platform beside it",
    Key.OUT_OF_DATE: "49 runs are worked off by two workers, on two cores that others used too",
    Key.DEPLOY_STEPS: "as of shell commands in parallel; not taken apart yet",
}
