"""Which checks are under maintenance when."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from monitoring.models import MaintenanceCheck, MaintenanceWindow

Spell = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, slots=True)
class Maintained:
    """The windows of all checks, and those of single ones."""

    of_all: list[Spell] = field(default_factory=list)
    of_one: dict[uuid.UUID, list[Spell]] = field(default_factory=dict)

    def spells(self, check_id: uuid.UUID) -> list[Spell]:
        """Those that hold for a check."""
        return [*self.of_all, *self.of_one.get(check_id, ())]

    def holds(self, check_id: uuid.UUID, at: dt.datetime) -> bool:
        """Whether a check is under maintenance at a moment. The end of a window is free."""
        return any(begins <= at < ends for begins, ends in self.spells(check_id))


def maintained(checks: Sequence[uuid.UUID], moments: Sequence[dt.datetime]) -> Maintained:
    """The windows that hold for these checks from the first to the last of these moments. One query; two if there are any."""
    if not checks or not moments:
        return Maintained()
    return windows_in(min(moments), max(moments), checks)


def windows_in(first: dt.datetime, last: dt.datetime, checks: Sequence[uuid.UUID] | None = None) -> Maintained:
    """The windows that meet [first, last], of these checks or of all."""
    planned = MaintenanceWindow.objects.filter(status=MaintenanceWindow.Status.PLANNED, starts_at__lte=last, ends_at__gt=first)
    windows = {one.pk: (one.starts_at, one.ends_at) for one in planned}
    if not windows:
        return Maintained()
    named: dict[uuid.UUID, list[Spell]] = defaultdict(list)
    rows = MaintenanceCheck.objects.filter(window__in=list(windows)).values_list("window", "check_of")
    about: set[uuid.UUID] = set()
    for window, check in rows:
        about.add(window)
        if checks is None or check in checks:
            named[check].append(windows[window])
    return Maintained([spell for key, spell in windows.items() if key not in about], dict(named))


def under_maintenance(at: dt.datetime) -> Q:
    """The checks that are under maintenance at a moment."""
    running = MaintenanceWindow.objects.filter(status=MaintenanceWindow.Status.PLANNED, starts_at__lte=at, ends_at__gt=at)
    named = MaintenanceCheck.objects.filter(window__in=running.values("pk"))
    of_all = running.exclude(pk__in=MaintenanceCheck.objects.values("window"))
    return Q(pk__in=named.values("check_of")) | Q(tenant__in=of_all.values("tenant"))
