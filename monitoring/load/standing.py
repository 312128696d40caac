"""What load tests leave open: a failure stands until a later test of the same system passes."""

import datetime as dt
import uuid

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from monitoring.models import LoadTest

_OF = Coalesce("system_id", Value(uuid.UUID(int=0)))  # the service as a whole is one thing, too


def left_open(day: dt.date) -> list[LoadTest]:
    """For each system the last that failed since it last passed and, where none did, the last that could not be evaluated.

    As of a day. Those that name no system are about the service as a whole.
    """
    until = LoadTest.objects.filter(tested_on__lte=day).alias(of=_OF)
    later = Q(tested_on__gt=OuterRef("tested_on")) | Q(tested_on=OuterRef("tested_on"), pk__gt=OuterRef("pk"))
    passed = until.filter(LoadTest.HELD, later, of=OuterRef("of"))
    found: dict[uuid.UUID | None, LoadTest] = {}
    for one in until.filter(LoadTest.BROKE | LoadTest.UNTOLD, ~Exists(passed)).order_by("tested_on", "pk"):
        if one.failed or not (one.system_id in found and found[one.system_id].failed):
            found[one.system_id] = one
    return list(found.values())


def passed_after(test: LoadTest) -> LoadTest | None:
    """The first later test of the same system that passed."""
    later = Q(tested_on__gt=test.tested_on) | Q(tested_on=test.tested_on, pk__gt=test.pk)
    passed = LoadTest.objects.filter(LoadTest.HELD, later, system=test.system_id)
    return passed.order_by("tested_on", "pk").first()
