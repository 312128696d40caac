"""By when a request of a person is answered.

Article 12(3) of the GDPR (Regulation (EU) 2016/679): without undue delay and in any event within one month of receipt; where
necessary, as requests are complex or many, two further months, of which the person is told with the reasons within the first
month. Months are counted as Article 3 of Regulation (EEC, Euratom) No 1182/71 says: they end on the day of the same number, or on
the last of a month that has none. We take 30 days or the month, and 90 days or the three months, whichever ends first.
"""

import calendar
import datetime as dt

DAYS, LONGER_DAYS = 30, 90
MONTHS, LONGER_MONTHS = 1, 3
WORDS = "30 days from receipt, and never more than a month (GDPR, Article 12(3)). Once, for a reason, up to 90 days."


def months_after(day: dt.date, months: int) -> dt.date:
    """The day of the same number so many months later, or the last day of that month."""
    number = day.month - 1 + months
    year, month = day.year + number // 12, number % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def due_after(received_on: dt.date) -> dt.date:
    """The day by which an answer is owed."""
    return min(received_on + dt.timedelta(days=DAYS), months_after(received_on, MONTHS))


def longest_after(received_on: dt.date) -> dt.date:
    """The last day to which that can be extended."""
    return min(received_on + dt.timedelta(days=LONGER_DAYS), months_after(received_on, LONGER_MONTHS))
