"""The part of everything that monitoring holds: a check that was down, maintenance, and what was tested."""

import datetime as dt
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from inventory.models import System
from monitoring.checking.recording import Kept, keep
from monitoring.defining.actions import create_check
from monitoring.load.actions import record_load_test
from monitoring.planning.actions import plan
from monitoring.probing.target import Found
from monitoring.recovery.actions import record_review, record_test
from monitoring.recovery.forms import recent_quarters
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
    show = SimpleUploadedFile(f"{word}.txt", word.encode())
    targets = {"rto_target_minutes": 60, "rto_minutes": 70, "rpo_target_minutes": 60, "rpo_minutes": 5}
    today = manager.organization.today()
    record_test(actor=manager, kind="restore", what=word, tested_on=today, works=True, notes=word, uploads=[show], **targets)
    quarter = recent_quarters(today, 1)[0]
    said = {"findings": word, "measures": "", "enough": True}
    record_review(actor=manager, quarter_starts_on=quarter, reviewed_on=today, uploads=[show], **said)
    make_load_test(manager, word, system)
    keep([Kept(check.pk, now(), now(), Found("down", word, 12))])


def make_load_test(manager: Member, word: str, system: System | None) -> None:
    """One that passed."""
    record_load_test(
        actor=manager,
        before=word,
        system=system,
        tested_on=manager.organization.today(),
        unit=word,
        load_aimed=100,
        load_reached=100,
        answer_limit_ms=500,
        answer_ms=480,
        errors_allowed=Decimal(1),
        errors_seen=Decimal("0.5"),
        notes=word,
        uploads=[SimpleUploadedFile(f"{word}-load.txt", word.encode())],
    )
