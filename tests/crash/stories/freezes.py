"""What people do about freezes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from chalicelib.kernel.plans.freezes import Interval
from chalicelib.use_cases.freezes.freezes import (
    CreateFreeze,
    RemoveFreeze,
    ResumeLine,
    StopLine,
    create_freeze,
    freeze_id,
    remove_freeze,
    resume_line,
    stop_line,
)
from chalicelib.use_cases.runs.pass_freeze import PassFreeze, pass_freeze
from tests.builders import NOON, a_plan, a_stage
from tests.crash.catalog import GIVEN
from tests.crash.stories.story import DONE, ROOT, Story, an_origin, asking, begun, both

ASKED = an_origin()
DURING = Interval(begins=NOON, ends=NOON + timedelta(days=2))
WINTER = CreateFreeze(origin=GIVEN, during=DURING, reason="winter", environment="production")
FROZEN, IN_WINTER = asking(create_freeze, WINTER), begun(a_plan(replace(a_stage(), environment="production")))
STOP = StopLine(origin=GIVEN, length=timedelta(days=2), reason="smoke")
LIFT = RemoveFreeze(origin=ASKED, id=freeze_id(GIVEN))
PASS = PassFreeze(run="run1", by=ROOT, reason="incident")

STORIES: Mapping[str, Story] = {
    "freeze": Story(act=asking(create_freeze, replace(WINTER, origin=ASKED)), of=(create_freeze,)),
    "stop the line": Story(act=asking(stop_line, replace(STOP, origin=ASKED)), of=(stop_line,)),
    "lift a freeze": Story(before=both(FROZEN, IN_WINTER), act=asking(remove_freeze, LIFT), of=(remove_freeze,)),
    "let the line go on": Story(
        before=both(asking(stop_line, STOP), IN_WINTER),
        act=asking(resume_line, ResumeLine(origin=ASKED)),
        of=(resume_line,),
    ),
    "pass a freeze": Story(
        refusals=DONE, before=both(FROZEN, IN_WINTER), act=asking(pass_freeze, PASS), of=(pass_freeze,)
    ),
}
