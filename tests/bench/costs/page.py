"""docs/costs.md: what a month costs, of what, and by which prices. Written by `make bench PARTS=costs`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path

from tests.bench import prices
from tests.bench.costs import acts as acted
from tests.bench.costs import month as months
from tests.bench.costs.month import SIZES, Acts, Size, idle_fleet, month
from tests.bench.costs.usage import NOTHING, Usage

PAGE = Path(__file__).parents[3] / "docs" / "costs.md"
GOAL, IDLE_GOAL = 3000, 100
"""USD a month: at 10,000 pipelines, and of a hundred runners that are idle."""

PRICES = (
    ("write unit of DynamoDB on demand", prices.WRITE_UNIT),
    ("read unit of DynamoDB on demand", prices.READ_UNIT),
    *((f"request of API Gateway (REST), of the next {size // 10**6:,} million", one) for size, one in prices.API_TIERS),
    ("message of API Gateway (WebSocket)", prices.SOCKET_MESSAGE),
    ("minute of a connection of API Gateway (WebSocket)", prices.SOCKET_MINUTE),
    ("call of Lambda", prices.LAMBDA_CALL),
    ("GB-second of Lambda (x86)", prices.LAMBDA_GB_SECOND),
    ("request of SQS, standard", prices.SQS_STANDARD),
    ("request of SQS, FIFO", prices.SQS_FIFO),
    ("PUT of S3", prices.S3_PUT),
    ("GET of S3", prices.S3_GET),
)


def _priced() -> str:
    return "\n".join(f"| {what} | {10**6 * price:.3f} |" for what, price in PRICES)


HEAD = f"""# What it costs on AWS

Written by `make bench PARTS=costs`: a month of 30.42 days in us-east-1, counted from the items and requests of each act
(`tests/bench/costs`) and multiplied by how often it is done (`tests/bench/costs/month.py`); nothing is estimated but
what this page says. `tests/budgets/test_costs.py` keeps the counts from growing.

A pipeline runs {months.RUNS_A_DAY} times a day, each time {acted.JOBS_A_RUN} jobs of {months.JOB_SECONDS} s, one
after the other. Each job writes a line a second, which nobody watches. So at 10,000 pipelines 868 jobs are
running, on 100 runners, and 50 pushes a second come from git hosts, which begin nothing; smaller installations have as
many a pipeline.
"""
TAIL = f"""## How it is counted

- DynamoDB: units by the weight of items, with every index that is touched (`tests/bench/meter.py`). SQS: sending,
  receiving and deleting of each message, none together with others.
- Lambda: functions of 512 MB, which have 29 % of a core. What a call computes is timed by its processor time on the
  machine of the bench, and stretched by that; that each call to AWS lasts 5 ms is assumed.
- Runners: a piece of the logs each {acted.PACE_SECONDS} s, of all jobs by one call, which renews their leases; of jobs
  that write nothing a heartbeat each {acted.BEAT_SECONDS} s comes in its place. An idle one asks every
  {months.IDLE_SECONDS} s, and is woken by a WebSocket, which is opened anew every 2 h.
- Logs of CloudWatch: Lambda writes none of its own lines (`SystemLogLevel`), and a request that goes well writes none
  of ours; {prices.LOG_GB:.2f} USD a GB of what is written otherwise is not in the sums.
- Not in the sums: what is stored (0.25 USD a GB and month in DynamoDB, 0.023 in S3; point-in-time recovery 0.20),
  alarms (0.10 each), the dashboard (3), secrets (0.40 each), transfer to the internet, what people ask, and webhooks
  that pipelines call (a slow host takes two slots for each call), or that are called for events: two messages and two
  calls of Lambda each.

A cap: `MaxWriteUnits` and `MaxReadUnits` bound what a second of each table may cost, `ApiRate` and `ApiBurst` what
comes in ([operations.md](operations.md#deploying)).

## Prices

List prices as known in {prices.AS_OF}, in USD a million, without free tiers and discounts.

| what | USD |
| --- | --- |
{_priced()}
"""
NAMES = {
    "run": f"a run of {acted.JOBS_A_RUN} jobs, from trigger to seal",
    "nine": "a minute of a runner with 9 jobs",
    "one": "a minute of a runner with 1 job",
    "idle": "a request of an idle runner",
    "ticket": "a ticket for being woken",
    "push": "a push that begins nothing",
    "sweep": "a sweep that finds nothing",
    "slot": "a slot for a call to another system",
}


def write(acts: Acts) -> None:
    """Write the page."""
    PAGE.write_text("\n".join(_lines(acts)))


def prices_of_a_month(acts: Acts, size: Size) -> Mapping[str, float]:
    """USD of a month by service."""
    return _summed(month(acts, size).values()).prices()


def total(acts: Acts, size: Size) -> float:
    """USD of a month."""
    return sum(prices_of_a_month(acts, size).values())


def idle_total(acts: Acts) -> float:
    """USD of a month of a hundred runners that have nothing to do."""
    return sum(idle_fleet(acts, 100).prices().values())


def _lines(acts: Acts) -> Iterator[str]:
    yield HEAD
    yield "## A month"
    yield ""
    yield from _months(acts)
    large = total(acts, SIZES[-1])
    yield f"Goal at 10,000 pipelines: under {GOAL:,} USD. {'Met' if large < GOAL else 'Missed'}: {large:,.0f}."
    yield ""
    idle = idle_total(acts)
    yield f"A hundred idle runners: {idle:,.0f} USD a month, under {IDLE_GOAL} as they should be."
    yield ""
    yield "## Of what, at 10,000 pipelines"
    yield ""
    yield from _parts(month(acts, SIZES[-1]))
    yield "## What each act uses"
    yield ""
    yield from _acts(acts)
    yield TAIL


def _months(acts: Acts) -> Iterator[str]:
    services = tuple(NOTHING.prices())
    yield f"| pipelines | {' | '.join(services)} | USD |"
    yield f"| --- |{' --- |' * (len(services) + 1)}"
    for size in SIZES:
        found = prices_of_a_month(acts, size)
        shown = (f"{found[one]:,.2f}" for one in services)
        yield f"| {size.pipelines:,} | {' | '.join(shown)} | {sum(found.values()):,.2f} |"
    yield ""


def _parts(parts: Mapping[str, Usage]) -> Iterator[str]:
    services = tuple(NOTHING.prices())
    yield f"| what | {' | '.join(services)} | USD |"
    yield f"| --- |{' --- |' * (len(services) + 1)}"
    for name, usage in parts.items():
        found = usage.prices()
        yield f"| {name} | {' | '.join(f'{found[one]:,.0f}' for one in services)} | {sum(found.values()):,.0f} |"
    yield ""


def _acts(acts: Acts) -> Iterator[str]:
    named = ("requests", "calls", "lambda ms", "writes", "reads", "SQS", "S3 PUT")
    yield f"| act | {' | '.join(named)} |"
    yield f"| --- |{' --- |' * len(named)}"
    for one in sorted(fields(Acts), key=lambda field: list(NAMES).index(field.name)):
        used: Usage = getattr(acts, one.name)
        shown: Sequence[float] = (used.requests, used.calls, 1000 * used.lambda_seconds, used.writes, used.reads)
        figures = (*shown, used.fifo + used.standard, used.puts)
        yield f"| {NAMES[one.name]} | {' | '.join(f'{figure:,.1f}'.removesuffix('.0') for figure in figures)} |"
    yield ""


def _summed(parts: Iterable[Usage]) -> Usage:
    return sum(parts, NOTHING)
