"""Larkfield's controls: what ten questions adopted, who owns them, and what became of them by now.

58 controls over the 38 criteria of Security, Availability and Confidentiality. In the end 51 are implemented, 4 are partly in
place (the security policy is past its review; 4 people have not acknowledged it; 3 vulnerabilities are overdue; a restore took
5 h 10 min against 4 h), 2 are missing, and 1 could not be evaluated: the source of the backups' results is silent.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from accounts.models import Member
from controls.library.questions import adopted
from controls.models import AuditPeriod
from controls.setup.actions import Plan, set_up
from example.dates import Calendar
from example.roster import DOMAIN
from inventory.models import Person

ANSWERS: dict[str, Any] = {
    "hosting": ["cloud"],
    "data": ["confidential"],
    "categories": ["confidentiality"],
    "uptime": "promised",
    "ai": "work",
    "development": "own",
    "places": ["office", "remote"],
    "people": ["contractors", "support"],
    "on_call": "rota",
    "period": "12",
}
# Unticked: the landlord guards the building, and two that are to come next year.
LEFT_OUT = frozenset({"PHY-001", "MON-005", "CHG-005"})
# In scope since the fourth quarter only: these began late.
BEGUN_LATE = frozenset({"AC-003", "AC-010", "BCP-002", "INC-003", "MON-003", "MON-004", "VUL-001"})
OWNERS = {
    "Chief executive": "helen.marsh",
    "Security lead": "samuel.price",
    "IT lead": "grace.bauer",
    "Engineering lead": "anita.desai",
    "Platform lead": "tomas.ferreira",
    "People lead": "judith.klein",
    "Privacy lead": "nora.fischer",
    "Support lead": "maria.santos",
}


def begin_programme(calendar: Calendar, *, manager: Member) -> AuditPeriod:
    """Set up the year's audit period and its 58 controls, as the three pages do."""
    keys = {control.key for control in adopted(ANSWERS)} - LEFT_OUT
    owners = {role: str(Person.objects.get(email=f"{key}@{DOMAIN}").pk) for role, key in OWNERS.items()}
    year = year_of(calendar)
    first = Plan(keys=keys - BEGUN_LATE, new_period=year, in_scope_since=year["starts_on"], owners=owners)
    period = set_up(first, actor=manager).period
    set_up(Plan(keys=keys, period=period, in_scope_since=calendar.fourth.first, owners=owners), actor=manager)
    return period


def year_of(calendar: Calendar) -> Mapping[str, Any]:
    """The period whose fourth quarter is the present one: the calendar year, in October to December."""
    return {
        "name": f"SOC 2 Type II {calendar.fourth.last.year}",
        "kind": AuditPeriod.Kind.TYPE_2.value,
        "starts_on": calendar.third.previous().previous().first,
        "ends_on": calendar.fourth.last,
        "categories": ["availability", "confidentiality"],
    }


def silent_since(calendar: Calendar) -> dt.date:
    """Since when the backups report nothing: 22 October, seen in November."""
    return min(calendar.fourth.day(22), calendar.today - dt.timedelta(days=7))
