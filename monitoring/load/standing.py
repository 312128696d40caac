"""What load tests leave open: a failure stands until a later test of the same system passes."""

import datetime as dt
import uuid

from django.db.models import Q

from monitoring.models import LoadTest

MOST = 200  # load tests that are looked at


def latest(day: dt.date) -> list[LoadTest]:
    """The load tests up to a day, the earliest first; of very many, the last."""
    return list(LoadTest.objects.filter(tested_on__lte=day).order_by("-tested_on", "-pk")[:MOST])[::-1]


def left_open(tests: list[LoadTest]) -> list[LoadTest]:
    """For each system the last that failed and, where none did, the last that could not be evaluated; none since the last pass.

    `tests` are in their order. Those that name no system are about the service as a whole.
    """
    found: dict[uuid.UUID | None, LoadTest] = {}
    for one in tests:
        if one.passed:
            found.pop(one.system_id, None)
        elif one.failed or not (one.system_id in found and found[one.system_id].failed):
            found[one.system_id] = one
    return list(found.values())


def passed_after(test: LoadTest) -> LoadTest | None:
    """The first later test of the same system that passed."""
    later = Q(tested_on__gt=test.tested_on) | Q(tested_on=test.tested_on, pk__gt=test.pk)
    passed = LoadTest.objects.filter(LoadTest.HELD, later, system=test.system_id)
    return passed.order_by("tested_on", "pk").first()
