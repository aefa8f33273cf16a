"""The fake of the port Mail: letters that were sent, and answers told beforehand."""

from dataclasses import dataclass, field

from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.ports.mail import Letter, Mail


@dataclass(slots=True)
class FakeMail(Mail):
    """Keeps each letter once, as a reader of mail would."""

    sent: dict[str, Letter] = field(default_factory=dict)
    answers: list[Called] = field(default_factory=list)
    set_up: bool = True

    @property
    def is_set_up(self) -> bool:
        return self.set_up

    def send(self, letter: Letter) -> Called:
        answer = self.answers.pop(0) if self.answers else Called(status=200)
        if answer.went_well:
            self.sent[letter.id] = letter
        return answer
