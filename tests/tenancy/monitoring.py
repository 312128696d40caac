"""The part of everything that monitoring holds: a check that was down, maintenance, and what was tested."""

import datetime as dt

from accounts.models import Member
from inventory.models import System
from monitoring.checking.recording import Kept, keep
from monitoring.defining.actions import create_check
from monitoring.planning.actions import plan
from monitoring.probing.target import Found
from tenancy.scope import now

HOUR = dt.timedelta(hours=1)


def make_monitoring(manager: Member, word: str) -> None:
    """Fill monitoring; call within the organization's scope, after its systems exist."""
    system = System.objects.filter(name__startswith=word).first()
    check = create_check(
        actor=manager,
        name=word,
        kind="http",
        url="https://watched.example/",
        system=system,
        failures=1,
        secret=word,
        header="X-Key",
    )
    plan(actor=manager, name=word, starts_at=now() + HOUR, ends_at=now() + 2 * HOUR, reason=word, checks=[check])
    keep([Kept(check.pk, now(), now(), Found("down", word, 12))])
