"""Why a budget is missed, as far as that is known, by budget. What is met needs none."""

from collections.abc import Mapping

from tests.bench.budgets import Key

REASONS: Mapping[Key, str] = {
    Key.VERSIONS: "half of it is making a sort key of each version, anew for every list; three reads take 0.5 ms each",
    Key.TRIGGER: "met at 16 ms when it was measured before; a job says since that it begins, before its command",
    Key.SHELL_CHAIN: "1.6 times what it was (16 ms) since a job says that it begins, runners are told apart by pool and"
    " a job's tokens, lines and guests are looked after; not taken apart yet",
    Key.SHELL_BLOCKS: "as of the chain; and jobs of one stage that end together are rivals for their run: what one has"
    " committed, the next reads again",
    Key.SHELL_CROWD: "1.9 times what it was (12 ms), as of the chain; not taken apart yet",
    Key.DEPLOY: "15 calls to DynamoDB, and 9 ms of our own processor time",
    Key.BUILDS_LIST: "the queries of the stand-in alone take 22 to 26 µs a build, our own part about 17",
    Key.EXECUTION: "11 to 25 ms from time to time, on two cores that others used too; not taken apart yet",
    Key.GATE_APPROVAL: "each of the 49 that are overtaken is told by a message of its own, sent within the request",
    Key.OUT_OF_DATE: "nearly half of it is the approval, which sends 49 messages; then 49 runs are worked off",
    Key.DEPLOY_STEPS: "as of shell commands in parallel; not taken apart yet",
}
