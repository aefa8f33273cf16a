"""What people do by the console that no other row does."""

from dataclasses import replace

from chalicelib.dialects.console.login.enter import Enter, enter
from tests.crash.stories.access import KNOWN, LOGIN
from tests.crash.stories.story import DONE, Story, asking

ENTER = Enter(login=replace(LOGIN, seed="c0de" * 16), place="home", is_local=True)

STORIES = {
    "enter the console": Story(refusals=DONE, before=KNOWN, act=asking(enter, ENTER), of=(enter,)),
}
