"""How risky a change is: a short questionnaire, and a level with the reasons for it.

Each answer counts for 0 to 3 points. An answer of 3 points makes the change high by itself; else 6 points make it high and 2
medium. Two answers together make it high as well: what cannot be undone within the hour and alters data. The rule is ours; the
questions are those that change advisory boards ask (reach, reversibility, testing, practice, interruption).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from changes.models import Change, Kind

Level = Change.Risk
HIGH_BY_ITSELF = 3
HIGH = 6
MEDIUM = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: what it says, what it counts for, and the reason it gives when it counts for anything."""

    key: str
    label: str
    points: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question; `kinds` are the kinds of change it is asked of, none: all."""

    key: str
    text: str
    answers: tuple[Answer, ...]
    kinds: frozenset[str] = frozenset()

    def is_asked(self, kind: str) -> bool:
        """Whether it is asked of a change of this kind."""
        return not self.kinds or kind in self.kinds

    def answer(self, key: object) -> Answer | None:
        """The answer of a key."""
        return next((one for one in self.answers if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The level ("" while questions are open), why, and the keys of the questions that are open."""

    level: str
    points: int
    reasons: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def rule(self) -> str:
        """How the level follows from the points, as a sentence."""
        if not self.level:
            return f"Answer {len(self.missing)} more." if len(self.missing) > 1 else "Answer one more."
        number = "1 point" if self.points == 1 else f"{self.points} points"
        return f"{number}. Low to {MEDIUM - 1}, medium from {MEDIUM}, high from {HIGH} or by one answer that counts 3."


_PRIVILEGED = "It gives privileged rights or weakens a protection."
QUESTIONS: tuple[Question, ...] = (
    Question(
        "reach",
        "Who notices if it goes wrong?",
        (
            Answer("nobody", "Nobody outside the team"),
            Answer("staff", "Colleagues", 1, "Colleagues would notice if it goes wrong."),
            Answer("some", "Some customers", 2, "Some customers would notice if it goes wrong."),
            Answer("all", "Most or all customers", 3, "Most or all customers would notice if it goes wrong."),
        ),
    ),
    Question(
        "undo",
        "How long does it take to undo?",
        (
            Answer("minutes", "Minutes"),
            Answer("hour", "Up to an hour", 1, "It takes up to an hour to undo."),
            Answer("longer", "Longer than an hour", 2, "It takes longer than an hour to undo."),
            Answer("never", "It cannot be undone completely", 3, "It cannot be undone completely."),
        ),
    ),
    Question(
        "data",
        "Does it touch data of customers or personal data?",
        (
            Answer("none", "No"),
            Answer("reads", "It is read in a new way", 1, "Data of customers or personal data is read in a new way."),
            Answer("alters", "It is altered, moved or deleted", 2, "Data of customers or persons is altered, moved or deleted."),
        ),
    ),
    Question(
        "tried",
        "Was it tried where everything is as in production?",
        (
            Answer("whole", "Yes, all of it"),
            Answer("part", "In part", 1, "It was tried in part only."),
            Answer("not", "No, or it cannot be", 2, "It was not tried where everything is as in production."),
        ),
    ),
    Question(
        "practice",
        "How often has the team done this?",
        (
            Answer("often", "Often"),
            Answer("rarely", "Once or twice", 1, "The team has done this once or twice."),
            Answer("never", "Never", 2, "The team has never done this."),
        ),
    ),
    Question(
        "interruption",
        "Is a service interrupted while it is done?",
        (
            Answer("none", "No"),
            Answer("quiet", "Yes, at a quiet hour and announced", 1, "A service is interrupted, at a quiet hour and announced."),
            Answer("busy", "Yes, while it is being used", 2, "A service is interrupted while it is being used."),
        ),
    ),
    Question(
        "rights",
        "Does it alter who may do what?",
        (
            Answer("less", "No, or it takes rights away"),
            Answer("same", "It gives ordinary rights", 1, "It gives somebody new rights."),
            Answer("privileged", "It gives privileged rights or weakens a protection", 3, _PRIVILEGED),
        ),
        frozenset({Kind.ACCESS.value, Kind.CONFIGURATION.value, Kind.INFRASTRUCTURE.value}),
    ),
)  # fmt: skip
_BOTH = "Data is altered, and undoing it takes longer than an hour."


def asked_of(kind: str) -> list[Question]:
    """The questions that a change of a kind is asked."""
    return [question for question in QUESTIONS if question.is_asked(kind)]


def said_of(answers: Mapping[str, Any], kind: str) -> list[tuple[Question, Answer | None]]:
    """Each question that a change of this kind is asked, with its answer; None where it is open."""
    return [(question, question.answer(answers.get(question.key))) for question in asked_of(kind)]


def assess(answers: Mapping[str, Any], kind: str) -> Assessment:
    """The level of a change of this kind by its answers ({question key: answer key}); unknown ones count as open."""
    given = said_of(answers, kind)
    missing = tuple(question.key for question, answer in given if answer is None)
    counted = sorted((answer for _, answer in given if answer is not None and answer.points), key=lambda one: -one.points)
    points = sum(answer.points for answer in counted)
    both = answers.get("data") == "alters" and answers.get("undo") in {"longer", "never"}
    reasons = (*((_BOTH,) if both else ()), *(answer.reason for answer in counted))
    level = "" if missing else _level(points, counted[0].points if counted else 0, both=both)
    return Assessment(level, points, reasons, missing)


def _level(points: int, most: int, *, both: bool) -> str:
    if both or most >= HIGH_BY_ITSELF or points >= HIGH:
        return Level.HIGH.value
    return Level.MEDIUM.value if points >= MEDIUM else Level.LOW.value
