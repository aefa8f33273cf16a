"""Why a budget is missed, as far as that is known, by budget. What is met needs none."""

from collections.abc import Mapping

from tests.bench.budgets import Key

REASONS: Mapping[Key, str] = {
    Key.NOOP_CHAIN: "1.81 ms in the run before on the same idle machine",
    Key.CONSOLE_SERVER: "12 ms of processor time, half of it the drawing's HTML; the rest waits for the store",
    Key.CONSOLE_MATRIX: "42 ms of the server's processor time, half of it 598 KB of HTML; where a deployment has just "
    "changed, 54 more of the stand-in's and 15 of the server's, to read 2,000 cells",
    Key.SHELL_CHAIN: "15.3 and 18.2 ms in two runs on an idle machine, before its calls to AWS went from 11.6 to 3.6: "
    "see below",
    Key.VERSIONS: "one small call, which says that the list is as it was: 0.9 ms of the server's processor time and 0.2"
    " of the stand-in's, most of it HTTP",
    Key.TRIGGER: "1.15 times what it was beside bada98e (20 and 23 ms): a job says that it begins before its command",
    Key.SHELL_BLOCKS: "1.13 times what it was beside bada98e (11.4 and 12.9 ms)",
    Key.SHELL_CROWD: "1.19 times what it was beside bada98e (11.3 and 13.5 ms)",
    Key.DEPLOY: "15 calls to DynamoDB, and 9 ms of our own processor time",
    Key.BUILDS_LIST: "the queries of the stand-in alone take 22 to 26 µs a build, our own part 12",
    Key.EXECUTION: "measured at 2d2f5f9; since then labels of gates and steps are worked out once a plan, which took"
    " half of its processor time: 4.3 ms in place of 8.0, with four calls to the store. Without a socket on a"
    " stand-in it takes 6 ms; not measured by HTTP anew",
    Key.GATE_APPROVAL: "the request asked store and queues 25 times, and 21 times since it reads nothing anew; 35 ms"
    " then with neither server nor platform beside it",
    Key.OUT_OF_DATE: "49 runs are worked off by two workers, on two cores that others used too: each asks the store 8"
    " times, and takes 6 ms of processor time",
    Key.PROXY: "0.6 to 1.6 ms where the two cores are free; measured where ten processes waited for them, and every"
    " turn of client, server and pod may wait 4 ms for its own: so does every tenth request to the pod itself",
    Key.INBOX: "ten calls to the store, however many runs the page has; the rest is processor time, 0.3 ms a run, for"
    " reading it with its release and working out its change set",
    Key.DEPLOY_STEPS: "a step asks store and queues 22 times: 5 of them for the variables that count when it is handed"
    " out, 3 for what it leaves in State, one for the active version of its pipeline; the server works 17 ms for it",
}
