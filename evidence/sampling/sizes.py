"""Sizes that audit practice suggests by how often a control runs. Suggestions: each draw may say otherwise."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Suggestion:
    """From `least` to `most` items of a population of a control that runs so often."""

    frequency: str
    least: int
    most: int

    @property
    def words(self) -> str:
        """Such as 2 to 4."""
        return str(self.least) if self.least == self.most else f"{self.least} to {self.most}"


# Source: customary in audits of controls; the table of our criteria page.
SUGGESTIONS = (
    Suggestion("Yearly", 1, 1),
    Suggestion("Quarterly", 2, 2),
    Suggestion("Monthly", 2, 4),
    Suggestion("Weekly", 5, 10),
    Suggestion("Daily", 20, 25),
    Suggestion("Many times a day", 25, 40),
)
# Up to so many events in a year, a control that runs per event is like one of that frequency.
_EVENTS_A_YEAR = ((1, 0), (4, 1), (12, 2), (52, 3), (365, 4))


def suggested(rows: int, days: int) -> Suggestion:
    """The suggestion for a population of `rows` events in `days` days."""
    yearly = rows * 365 / max(1, days)
    place = next((place for most, place in _EVENTS_A_YEAR if yearly <= most), len(SUGGESTIONS) - 1)
    return SUGGESTIONS[place]


def suggested_size(rows: int, days: int) -> int:
    """How many to draw unless somebody says otherwise: the larger end of the suggestion, at most all of them."""
    return min(rows, suggested(rows, days).most)
