"""Why a budget is missed, as far as that is known, by budget. What is met needs none."""

from collections.abc import Mapping

from tests.bench.budgets import Key

REASONS: Mapping[Key, str] = {
    Key.VERSIONS: "half of it is making a sort key of each version, anew for every list; three reads take 0.5 ms each",
    Key.API_IMPORT: "pydantic and the shapes of all dialects take a third of it, records of the use cases a fifth; bare"
    " Python took 26 ms at this measurement, and 19 at earlier ones",
    Key.SHELL_CHAIN: "met at 13.2 ms when bare Python took 19 ms on the machine; at this measurement it took 26; since"
    " then a job also says that it begins, one more call and three more requests to DynamoDB: 1.14 times as long,"
    " measured in turns on a machine under load (1.15 by the fastest of 13)",
    Key.SHELL_BLOCKS: "jobs of one stage that end together are rivals for their run: what one has committed, the next"
    " reads again",
}
