"""Hands that do what a journey asks for: one by mouse, one by keyboard alone, one by mouse where no scripts run."""

from dataclasses import dataclass
from typing import Any

MOST_STOPS = 120
HAS_FOCUS = "one => one === document.activeElement"


@dataclass
class Hand:
    """Acts by mouse. scripts: whether those of pages run."""

    name: str
    scripts: bool = True

    def press(self, what: Any) -> None:  # noqa: ANN401 - the driver is not installed everywhere
        """A button is pressed, a link is followed, a question is opened."""
        what.click()

    def follow(self, what: Any) -> None:  # noqa: ANN401 - as above
        """What leads to another page leads there."""
        with what.page.expect_navigation():
            self.press(what)

    def type(self, what: Any, text: str) -> None:  # noqa: ANN401 - as above
        """A field has a text, which was empty."""
        what.fill(text)

    def choose(self, what: Any, option: str) -> None:  # noqa: ANN401 - as above
        """Of several options one is chosen, by its word."""
        what.select_option(option)

    def date(self, what: Any, day: str, hour: str) -> None:  # noqa: ANN401 - as above
        """A field of date and time has a day, such as 2099-12-31, and an hour of its morning, such as 08."""
        what.fill(f"{day}T{hour}:00")

    def turn(self, what: Any, steps: int) -> None:  # noqa: ANN401 - as above
        """A slider goes so many steps, back if they are negative."""
        at = int(what.input_value()) + steps
        what.fill(str(at))


class Keyboard(Hand):
    """Acts by keyboard alone: from where the focus is, by the tab key, to what is wanted."""

    def press(self, what: Any) -> None:  # noqa: ANN401 - as above
        self.reach(what)
        what.page.keyboard.press("Enter")

    def type(self, what: Any, text: str) -> None:  # noqa: ANN401 - as above
        self.reach(what)
        what.page.keyboard.type(text)

    def choose(self, what: Any, option: str) -> None:  # noqa: ANN401 - as above
        self.reach(what)
        what.page.keyboard.type(option)

    def date(self, what: Any, day: str, hour: str) -> None:  # noqa: ANN401 - as above
        self.reach(what)
        year, month, date = day.split("-")
        what.page.keyboard.type(f"{month}{date}{year}")
        what.page.keyboard.press("ArrowRight")
        what.page.keyboard.type(f"{hour}00A")

    def turn(self, what: Any, steps: int) -> None:  # noqa: ANN401 - as above
        self.reach(what)
        for _ in range(abs(steps)):
            what.page.keyboard.press("ArrowLeft" if steps < 0 else "ArrowRight")

    def reach(self, what: Any) -> None:  # noqa: ANN401 - as above
        """It has the focus. Faults: AssertionError, where the tab key never comes to it."""
        wanted = what.element_handle()
        for _ in range(MOST_STOPS):
            if wanted.evaluate(HAS_FOCUS):
                return
            what.page.keyboard.press("Tab")
        raise AssertionError(f"no way by keyboard to {wanted.evaluate('one => one.outerHTML')[:200]}")


MOUSE, KEYBOARD, WITHOUT_SCRIPTS = Hand("mouse"), Keyboard("keyboard"), Hand("without scripts", scripts=False)
EVERY_HAND = (MOUSE, KEYBOARD, WITHOUT_SCRIPTS)
