"""The days of the example: shifted so that the present is always in the fourth quarter of its year of audit."""

import datetime as dt
from dataclasses import dataclass

from example.roster import RosterDates
from reviews.quarters import Period, quarter_of
from tenancy.models import Organization

# A review that is days old asks nobody yet: in the first days of a quarter, "now" is the review of the one before.
SETTLED_DAYS = 14
OVERDUE_DAYS = 4


@dataclass(frozen=True, slots=True)
class Calendar:
    """Today, and the two quarters whose reviews the example tells: the third, which is over, and the fourth."""

    today: dt.date
    third: Period
    fourth: Period
    zone: dt.tzinfo

    @classmethod
    def of(cls, organization: Organization) -> "Calendar":
        """As of today where the organization lives."""
        today = organization.today()
        fourth = quarter_of(today - dt.timedelta(days=SETTLED_DAYS))
        return cls(today, fourth.previous(), fourth, organization.tzinfo)

    @property
    def roster(self) -> RosterDates:
        """The days of joiners and leavers."""
        return RosterDates(self.today, self.third.last)

    @property
    def audit_ends_on(self) -> dt.date:
        """The external auditor works from the fourth quarter to the end of the one after it: October to March."""
        return self.fourth.next().last

    @property
    def fourth_due(self) -> dt.date:
        """The fourth quarter's review is due some days ago, so that whoever has not decided is overdue."""
        return self.today - dt.timedelta(days=OVERDUE_DAYS)

    def third_export(self, position: int) -> dt.datetime:
        """When the exports of the third quarter were taken: its second morning, one after the other."""
        morning = dt.datetime.combine(self.third.day(2), dt.time(9), self.zone)
        return morning + dt.timedelta(minutes=12 * position)
