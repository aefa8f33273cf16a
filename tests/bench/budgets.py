"""The budgets of docs/architecture.md, and what may be said of each. A budget is never edited."""

from dataclasses import dataclass
from enum import StrEnum


class Key(StrEnum):
    """One budget each."""

    WRITES = "writes"
    READS = "reads"
    CHAIN_REQUESTS = "chain-requests"
    TIMER_REQUESTS = "timer-requests"
    PRICE = "price"
    NOOP_CHAIN = "noop-chain"
    NOOP_BLOCKS = "noop-blocks"
    NOOP_CROWD = "noop-crowd"
    SHELL_CHAIN = "shell-chain"
    SHELL_BLOCKS = "shell-blocks"
    SHELL_CROWD = "shell-crowd"
    TRIGGER = "trigger"
    FIRST_WORD = "first-word"
    REGISTER = "register"
    NEXT_VERSION = "next-version"
    VERSIONS = "versions"
    START = "start"
    MEMORY = "memory"
    EVENT_IMPORT = "event-import"
    API_IMPORT = "api-import"
    FIRST_REQUEST = "first-request"
    ZIP = "zip"
    PAGE = "page"
    ONE_UNIT = "one-unit"
    ONE_NAMESPACE = "one-namespace"
    PARALLEL = "parallel"
    BUILD = "build"
    DEPLOY = "deploy"
    BUILDS_AT_ONCE = "builds-at-once"
    BUILDS_FILTERED = "builds-filtered"
    BUILDS_LIST = "builds-list"
    EXECUTION = "execution"
    EXECUTION_OF_MANY = "execution-of-many"
    GATE_APPROVAL = "gate-approval"
    OUT_OF_DATE = "out-of-date"
    CRON_GATE = "cron-gate"
    DEPLOY_STEPS = "deploy-steps"
    TASK_WRITES = "task-writes"
    FIRST_LINE = "first-line"
    TASK_LISTS = "task-lists"
    PROXY = "proxy"
    START_WITH_RUNS = "start-with-runs"
    RUN_MEMORY = "run-memory"
    REQUEST_WITH_RUNS = "request-with-runs"
    RUN_LIST = "run-list"
    EVENT = "event"
    EXPLAIN = "explain"
    INBOX = "inbox"
    MATRIX = "matrix"
    RUNS_OF_MANY = "runs-of-many"
    STOP = "stop"
    MONTH = "month"
    IDLE_FLEET = "idle-fleet"
    CONSOLE_BYTES = "console-bytes"
    CONSOLE_SERVER = "console-server"
    CONSOLE_PAINT = "console-paint"
    CONSOLE_PAINT_SLOW = "console-paint-slow"
    CONSOLE_KEY = "console-key"
    CONSOLE_ROWS = "console-rows"
    CONSOLE_SEARCH = "console-search"
    CONSOLE_LOG_NODES = "console-log-nodes"
    CONSOLE_HEAP = "console-heap"
    CONSOLE_NODES = "console-nodes"
    CONSOLE_MATRIX = "console-matrix"
    CONSOLE_IDLE = "console-idle"
    CONSOLE_IDLE_BYTES = "console-idle-bytes"
    CONSOLE_SEEN = "console-seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What may be used at most. unit: of limit and figure, as people read it."""

    what: str
    limit: float
    unit: str


WORKED = "ms of processor time"
BUDGETS = {
    Key.WRITES: Budget(
        what="DynamoDB write units, a step that needs no machine, over a run of 50", limit=2.5, unit="units"
    ),
    Key.READS: Budget(what="DynamoDB read units of such a step", limit=1.5, unit="units"),
    Key.CHAIN_REQUESTS: Budget(what="SQS requests of such a step in a chain", limit=1, unit="requests"),
    Key.TIMER_REQUESTS: Budget(what="SQS requests of such a step from a timer", limit=3, unit="requests"),
    Key.PRICE: Budget(what="list price of a million such steps, all services", limit=3, unit="USD"),
    Key.NOOP_CHAIN: Budget(what="50 no-op steps in sequence", limit=2, unit="ms a step"),
    Key.NOOP_BLOCKS: Budget(what="10 stages of 10 no-op steps in parallel", limit=3, unit="ms a step"),
    Key.NOOP_CROWD: Budget(what="100 runs of 5 no-op steps at once", limit=4, unit="ms a step"),
    Key.SHELL_CHAIN: Budget(what="50 shell commands in sequence, one runner of 8 slots", limit=15, unit="ms a step"),
    Key.SHELL_BLOCKS: Budget(what="10 stages of 10 shell commands in parallel", limit=15, unit="ms a step"),
    Key.SHELL_CROWD: Budget(what="100 runs of 5 shell commands at once", limit=15, unit="ms a step"),
    Key.TRIGGER: Budget(what="trigger by HTTP to first step started, median", limit=25, unit="ms"),
    Key.FIRST_WORD: Budget(what="first word of a step to whoever asks for its log, median", limit=150, unit="ms"),
    Key.REGISTER: Budget(what="register a release at 1,000 versions, median", limit=7, unit="ms"),
    Key.NEXT_VERSION: Budget(what="next-version at 1,000 versions, median", limit=3, unit="ms"),
    Key.VERSIONS: Budget(what="list of versions at 1,000, median", limit=3, unit="ms"),
    Key.START: Budget(what="start to first answer of `make up`, warm", limit=3, unit="s"),
    Key.MEMORY: Budget(what="idle memory of all its processes", limit=350, unit="MB"),
    Key.EVENT_IMPORT: Budget(
        what="import of an event function over bare Python, median", limit=160, unit="ms of processor time"
    ),
    Key.API_IMPORT: Budget(
        what="import of the API function over bare Python, median", limit=200, unit="ms of processor time"
    ),
    Key.FIRST_REQUEST: Budget(
        what="import of a function and its first request from a cold process, the worst",
        limit=600,
        unit="ms of processor time",
    ),
    Key.ZIP: Budget(what="deployable zip", limit=8, unit="MB"),
    Key.PAGE: Budget(what="a page of a list at 100,000 entries against 100", limit=1.5, unit="times"),
    Key.ONE_UNIT: Budget(
        what="an operation on the inventory at 100,000 releases of one unit against 100, the worst",
        limit=1.5,
        unit="times",
    ),
    Key.ONE_NAMESPACE: Budget(
        what="an operation on the inventory at 100,000 releases of one namespace against 100, the worst",
        limit=1.5,
        unit="times",
    ),
    Key.PARALLEL: Budget(
        what="requests of 8 clients at once on one unit that fail for a reason of ours", limit=0, unit="requests"
    ),
    Key.BUILD: Budget(what="create a build of a release, median", limit=10, unit="ms"),
    Key.DEPLOY: Budget(what="deploy a build, median", limit=20, unit="ms"),
    Key.BUILDS_AT_ONCE: Budget(what="of 32 builds of one release at once, those that fail", limit=0, unit="builds"),
    Key.BUILDS_FILTERED: Budget(
        what="a filtered list at 10,000 builds of one release against 10, the worst", limit=1.5, unit="times"
    ),
    Key.BUILDS_LIST: Budget(what="the whole list of a release's builds", limit=20, unit="µs a build"),
    Key.EXECUTION: Budget(what="a snapshot's execution, 10 stages of 20 nodes, median", limit=10, unit="ms"),
    Key.EXECUTION_OF_MANY: Budget(
        what="a snapshot's execution at 10,000 snapshots of one train against 10", limit=1.5, unit="times"
    ),
    Key.GATE_APPROVAL: Budget(what="approve one of 50 snapshots that wait at one gate, median", limit=30, unit="ms"),
    Key.OUT_OF_DATE: Budget(what="from there until the 49 others are out of date, the worst", limit=1, unit="s"),
    Key.CRON_GATE: Budget(what="a gate opens after its cron instant, median", limit=1.5, unit="s"),
    Key.DEPLOY_STEPS: Budget(what="a stage of 100 deploy steps side by side", limit=15, unit="ms a step"),
    Key.TASK_WRITES: Budget(
        what="writes of a pipeline's run, a task, over 200 tasks of which 20 run at once", limit=3, unit="writes"
    ),
    Key.FIRST_LINE: Budget(what="deploy a job from git to its first line, warm runner, median", limit=1, unit="s"),
    Key.TASK_LISTS: Budget(
        what="a page of a namespace's list at 10,000 workloads against 10, the worst", limit=1.5, unit="times"
    ),
    Key.PROXY: Budget(what="what the proxy adds to a request to a service, median", limit=3, unit="ms"),
    Key.START_WITH_RUNS: Budget(what="start of `make up` with 100,000 ended runs", limit=10, unit="s"),
    Key.RUN_MEMORY: Budget(what="memory of an ended run", limit=4, unit="KB"),
    Key.REQUEST_WITH_RUNS: Budget(
        what="a request with 100,000 ended runs against none, the worst", limit=1.5, unit="times"
    ),
    Key.RUN_LIST: Budget(what="processor time of `slipway run list`, median", limit=0.3, unit="s of processor time"),
    Key.EXPLAIN: Budget(what="why a run waits, at 1,000 runs waiting, median", limit=15, unit="ms"),
    Key.INBOX: Budget(what="what waits for one's word, at 1,000 runs waiting, median", limit=15, unit="ms"),
    Key.MATRIX: Budget(what="the matrix of 100 applications in 20 environments, median", limit=150, unit="ms"),
    Key.RUNS_OF_MANY: Budget(
        what="a page of the run list at 100,000 runs against 10, the worst", limit=1.5, unit="times"
    ),
    Key.STOP: Budget(what="a stop of the line until the last step of 100 runs that go on begins", limit=1, unit="s"),
    Key.EVENT: Budget(what="trigger by HTTP to a waiting request told of the run, median", limit=300, unit="ms"),
    Key.MONTH: Budget(what="list price of a month on AWS at 10,000 pipelines", limit=3000, unit="USD"),
    Key.IDLE_FLEET: Budget(what="list price of a month of a hundred idle runners", limit=100, unit="USD"),
    Key.CONSOLE_BYTES: Budget(what="console: all that comes with the first view of a run", limit=60, unit="KB"),
    Key.CONSOLE_SERVER: Budget(what="console: a run's page of 200 steps from the server, p95", limit=50, unit="ms"),
    Key.CONSOLE_PAINT: Budget(what="console: first paint of a run's page on loopback, median", limit=500, unit="ms"),
    Key.CONSOLE_PAINT_SLOW: Budget(
        what="console: first paint of it at 1.6 Mbit/s with 40 ms, median", limit=1000, unit="ms"
    ),
    Key.CONSOLE_KEY: Budget(what="console: a key to its paint, median", limit=100, unit="ms"),
    Key.CONSOLE_ROWS: Budget(what="console: 10,000 lines of a log to their first rows, median", limit=300, unit="ms"),
    Key.CONSOLE_SEARCH: Budget(what="console: a key of a search in them, median", limit=50, unit="ms"),
    Key.CONSOLE_LOG_NODES: Budget(what="console: elements of 10,000 lines", limit=400, unit="elements"),
    Key.CONSOLE_HEAP: Budget(what="console: what scripts hold with 10,000 lines", limit=15, unit="MB"),
    Key.CONSOLE_NODES: Budget(what="console: 200 steps to their drawing, median", limit=1000, unit="ms"),
    Key.CONSOLE_MATRIX: Budget(what="console: home with a matrix of 100 by 20, p95", limit=150, unit="ms"),
    Key.CONSOLE_IDLE: Budget(what="console: main thread while nothing moves, median", limit=15, unit="ms a second"),
    Key.CONSOLE_IDLE_BYTES: Budget(what="console: what comes while nothing moves, median", limit=1, unit="KB a second"),
    Key.CONSOLE_SEEN: Budget(what="console: a change at the server until it is seen, median", limit=1.5, unit="s"),
}
