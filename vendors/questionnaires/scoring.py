"""How answers are scored. Stated in docs/vendors.md; pure functions.

Met is all of a question's weight, partly met half of it, not met and unclear nothing; what does not apply is left out. The score
is that share in percent, rounded down: a rounded figure never looks better than the answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass

YES = frozenset({"yes", "y", "true", "1", "full", "fully", "implemented", "in place", "compliant", "met", "x"})
NO = frozenset({"no", "n", "false", "0", "none", "not implemented", "not in place", "non compliant", "not met", "planned"})
PARTLY = frozenset({"partial", "partially", "partly", "in progress", "partially implemented", "partly met", "some"})
LEFT_OUT = frozenset({"n/a", "na", "n a", "not applicable", "does not apply"})
_SHARE = {"met": 2, "partly": 1, "not_met": 0, "unclear": 0}  # halves of the weight


@dataclass(frozen=True, slots=True)
class Score:
    """What the answers of a file came to; no percent where nothing applies."""

    percent: int | None
    questions: int
    not_met: int
    unclear: int


def reading_of(answer: str, expected: str = "") -> str:
    """What an answer comes to. `expected` turns it round where “No” is the good one, such as for breaches."""
    word = _word(answer)
    if word in LEFT_OUT:
        return "not_applicable"
    if word in PARTLY:
        return "partly"
    good, bad = (NO, YES) if _word(expected) in NO else (YES, NO)
    if word in good:
        return "met"
    return "not_met" if word in bad else "unclear"


def _word(text: str) -> str:
    """The first word or two that decide: “Yes, since 2021” is yes. Text without such a beginning is unclear."""
    whole = " ".join(text.casefold().replace("-", " ").split()).rstrip(".!")
    if whole in YES | NO | PARTLY | LEFT_OUT:
        return whole
    first = whole.split(",")[0].split(";")[0].split(":")[0].split(".")[0].split(" (")[0].strip()
    return first if first in YES | NO | PARTLY | LEFT_OUT else ""


def score(answers: Iterable[tuple[str, int]]) -> Score:
    """Of (reading, weight) for each question."""
    rows = list(answers)
    counted = [(_SHARE[reading], weight) for reading, weight in rows if reading in _SHARE]
    most = sum(2 * weight for _, weight in counted)
    got = sum(share * weight for share, weight in counted)
    return Score(
        100 * got // most if most else None,
        len(rows),
        sum(reading == "not_met" for reading, _ in rows),
        sum(reading == "unclear" for reading, _ in rows),
    )
