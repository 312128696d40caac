"""Audit periods, made by the action."""

import datetime as dt

from accounts.models import Member
from controls.models import AuditPeriod
from controls.periods.actions import create_period


def a_period(actor: Member, year: int) -> AuditPeriod:
    """A calendar year."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return create_period(actor=actor, name=f"Year {year}", kind="type2", starts_on=first, ends_on=last)
