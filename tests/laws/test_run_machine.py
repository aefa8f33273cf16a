"""Several runs of random plans in a world that loses, repeats and delays: what holds always, and at the end."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalicelib.kernel.engine.events import Act, EffectsLost, Event, ExternallyDecided, Outcome, TestsReported
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.plans.plan import Concurrency
from tests.laws.plans import plans
from tests.laws.profiles import effort
from tests.laws.stories import OUTCOMES, event_for
from tests.laws.world import World

MOST_RUNS = 4
BEFORE_THE_MARK = frozenset({Phase.GATES, Phase.WAITING_PERSON, Phase.WAITING_TIME, Phase.PASSING})
PLACES = st.integers(0, 10**6)


class RunMachine(RuleBasedStateMachine):
    """Random interleavings of effects, events, time and people."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    @precondition(lambda self: len(self.world.runs) < MOST_RUNS)
    @rule(data=st.data())
    def a_run_begins(self, data: st.DataObject) -> None:
        self.world.begin(data.draw(plans(timed=True, number=len(self.world.runs) + 1)))

    @precondition(lambda self: self.world.effects)
    @rule(place=PLACES, manner=st.sampled_from(("at once", "at once", "at once", "answered late", "twice", "lost")))
    def an_effect_is_performed(self, place: int, manner: str) -> None:
        run_id, effect = self.world.effects.pop(place % len(self.world.effects))
        if manner == "lost":
            return
        answers = self.world.perform(run_id, effect)
        if manner == "at once":
            self.world.fold(run_id, *answers)
            return
        self.world.events += [(run_id, answer) for answer in answers]
        if manner == "twice":
            self.world.effects.append((run_id, effect))

    @precondition(lambda self: self.world.events)
    @rule(place=PLACES, again=st.booleans(), lost=st.booleans())
    def an_event_arrives(self, place: int, *, again: bool, lost: bool) -> None:
        run_id, event = self.world.events.pop(place % len(self.world.events))
        if again:
            self.world.events.append((run_id, event))
        if not lost:
            self.world.fold(run_id, event)

    @precondition(lambda self: any(work.goes_on for work in self.world.works.values()))
    @rule(place=PLACES, outcome=st.sampled_from(OUTCOMES), release=st.booleans())
    def a_work_ends(self, place: int, outcome: Outcome, *, release: bool) -> None:
        going = [work for work in self.world.works.values() if work.goes_on]
        work = going[place % len(going)]
        work.outcome = outcome
        work.outputs = {"release": f"web/app-v{place % 3}"} if release else {}
        self.world.events.append((work.run, self.world.news(work)))

    @precondition(lambda self: any(work.goes_on and work.told_to_stop for work in self.world.works.values()))
    @rule(outcome=st.sampled_from((Outcome.CANCELLED, Outcome.BROKEN, Outcome.SUCCEEDED)))
    def what_was_told_to_stop_ends(self, outcome: Outcome) -> None:
        for work in self.world.works.values():
            if work.goes_on and work.told_to_stop:
                work.outcome = outcome
                self.world.events.append((work.run, self.world.news(work)))

    @precondition(lambda self: any(work.outcome is not None for work in self.world.works.values()))
    @rule()
    def ended_works_are_told_of_again(self) -> None:
        ended = [work for work in self.world.works.values() if work.outcome is not None]
        self.world.events += [(work.run, self.world.news(work)) for work in ended]

    @precondition(lambda self: self.world.runs)
    @rule(data=st.data(), place=PLACES)
    def somebody_acts(self, data: st.DataObject, place: int) -> None:
        run_id = list(self.world.runs)[place % len(self.world.runs)]
        event: Event = data.draw(event_for(self.world.runs[run_id], self.world.now))
        if isinstance(event, Act | ExternallyDecided | TestsReported):
            self.world.fold(run_id, event)

    @rule(seconds=st.sampled_from((0.5, 3, 29, 31, 65, 400, -5, -0.1)))
    def time_passes(self, seconds: float) -> None:
        self.world.now += timedelta(seconds=seconds)

    @rule()
    def a_sweep_ticks_what_is_due(self) -> None:
        for run_id in self.world.due():
            self.world.fold(run_id)
        assert not self.world.due()

    @rule()
    def everything_on_its_way_is_lost_and_asked_for_anew(self) -> None:
        self.world.effects.clear()
        for run_id in self.world.runs:
            self.world.fold(run_id, EffectsLost(at=self.world.now))

    @invariant()
    def at_most_one_holds_a_lock(self) -> None:
        locks = [lock for lock, _, _ in self.world.holders()]
        assert len(locks) == len(set(locks))

    @invariant()
    def nobody_works_under_a_lock_but_its_holder(self) -> None:
        assert self.world.under_locks() <= set(self.world.holders())

    @invariant()
    def at_most_one_run_of_a_queue_runs(self) -> None:
        queued = [run for key, run in self.world.runs.items() if self.world.plans[key].concurrency is Concurrency.QUEUE]
        assert len([run for run in queued if run.fence is not None and not run.is_final]) <= 1
        for run in queued:
            assert run.fence is not None or not any(state.nodes for state in run.stages if not state.is_final)

    @invariant()
    def nothing_works_for_a_node_that_has_ended(self) -> None:
        for work in self.world.works.values():
            assert work.started <= 1
            if work.goes_on:
                state = self.world.state_of(work)
                assert (state.attempt, state.is_final) == (work.of.attempt, False)

    @invariant()
    def no_run_of_a_train_is_past_gates_that_it_did_not_pass(self) -> None:
        for run_id, one in self.world.executions():
            began = not one.is_final and one.phase not in BEFORE_THE_MARK and one.ending is None
            if began and self.world.plans[run_id].train is not None:
                assert (run_id, one.number) in self.world.passed

    @invariant()
    def nothing_goes_on_in_a_run_that_has_ended(self) -> None:
        for run in self.world.runs.values():
            assert not run.is_final or all(one.is_final for one in run.stages)

    def teardown(self) -> None:
        """Time alone ends every run, and nothing is left over."""
        self.world.run_out()
        for run in self.world.runs.values():
            assert (run.is_final, run.pending_effects) == (True, ())
        assert not any(work.goes_on for work in self.world.works.values())
        assert all((lock.holder, lock.waiting) == (None, ()) for lock in self.world.locks.values())


TestRunMachine = RunMachine.TestCase
TestRunMachine.settings = settings(effort(60), stateful_step_count=60)
