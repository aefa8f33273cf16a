"""What is owed is tried less and less often, and not for ever."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.releases.delivery import (
    OF_EVENTS,
    OF_HOOKS,
    EventCall,
    HookCall,
    PendingDelivery,
    UploadNotice,
    is_broken_off,
    pending_call,
    pending_event,
    pending_notice,
    put_off,
    taken,
)
from chalicelib.kernel.releases.release import ReleaseKey
from tests.builders import NOON

NOTICE = UploadNotice(release=ReleaseKey(namespace="demo", application="app", version="1"), project="web", by="ada")
OWED = pending_notice("demo/app/v1/x", NOTICE, NOON)


def a_call(kind: str = "events", application: str = "app") -> PendingDelivery:
    call = HookCall(namespace="demo", application=application, kind=kind, body="{}", project="web")
    return pending_call(OWED, call, NOON)


def test_a_call_has_the_same_id_whenever_it_is_found_and_no_other_has() -> None:
    assert a_call().id == a_call().id
    assert len({OWED.id, a_call().id, a_call("slack").id, a_call(application="").id}) == 4


@given(st.lists(st.floats(0, 40), min_size=40, max_size=60))
def test_pauses_grow_and_the_last_attempt_comes_within_a_quarter_of_an_hour(took: list[float]) -> None:
    owed, tried, pauses = a_call(), [], []
    for seconds in took:
        tried.append(owed.due_at)
        ended = owed.due_at + timedelta(seconds=seconds)
        later = put_off(taken(owed, owed.due_at), ended)
        if later is None:
            break
        pauses.append(later.due_at - ended)
        owed = later
    else:
        raise AssertionError("it is never given up")

    assert tried[-1] <= NOON + OF_HOOKS.trying
    assert pauses[:-1] == sorted(pauses[:-1])
    assert len(tried) <= 12


def test_events_are_tried_for_half_a_day_less_and_less_often() -> None:
    call = EventCall(subscription="w1", event="7.0", body="{}", project="web")
    owed, pauses = pending_event(call, NOON), list[timedelta]()
    while (later := put_off(taken(owed, owed.due_at), owed.due_at)) is not None:
        pauses.append(later.due_at - owed.due_at)
        owed = later
    assert (pauses[0], max(pauses), owed.due_at) == (timedelta(seconds=5), OF_EVENTS.pause, NOON + OF_EVENTS.trying)
    assert not is_broken_off(owed)
