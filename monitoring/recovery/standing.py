"""What recovery tests leave open, by what was tested: a system or, where none is named, what was restored; and the way."""

import datetime as dt

from django.db.models import Q

from monitoring.models import RecoveryTest


def latest_of_each(since: dt.date, until: dt.date) -> list[RecoveryTest]:
    """Of each that was tested between two days the latest test, in the order in which they were first tested."""
    tests = RecoveryTest.objects.filter(tested_on__range=(since, until)).order_by("tested_on", "pk")
    return list({(one.kind, one.system_id or one.what.casefold()): one for one in tests}.values())


def passed_after(test: RecoveryTest) -> RecoveryTest | None:
    """The first later test of the same, in the same way, that passed."""
    later = Q(tested_on__gt=test.tested_on) | Q(tested_on=test.tested_on, pk__gt=test.pk)
    same = Q(system=test.system_id) if test.system_id else Q(system=None, what__iexact=test.what)
    return RecoveryTest.objects.filter(RecoveryTest.WORKED, later, same, kind=test.kind).order_by("tested_on", "pk").first()
