"""Local times of the organization, whose clocks skip an hour in spring and repeat one in autumn.

The rules follow PEP 495: of a time that comes twice, fold 0 is the first and fold 1 the second.
"""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from ui.values import spelled

MINUTE = dt.timedelta(minutes=1)
EARLIEST, LATEST = 1990, 2199  # years; what lies far outside no zone could show


class LocalMomentInput(forms.DateTimeInput):
    """The browser's own picker of a local date and time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class LocalMomentField(forms.DateTimeField):
    """A local time, as an instant. One that the clocks skip is refused.

    Of one that comes twice the first is meant, with `ends` the second: so a window holds the hour both times. A value with
    an offset, as from the API, is that instant.
    """

    widget = LocalMomentInput

    def __init__(self, *, ends: bool = False, **kwargs: Any) -> None:
        self.ends = ends
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.datetime | None:
        """The instant, in UTC. Raises ValidationError."""
        given = value if isinstance(value, dt.datetime) else self._read(value)
        if given is None:
            return None
        if not EARLIEST <= given.year <= LATEST:
            raise ValidationError(f"Give a year from {EARLIEST} to {LATEST}.", code="year")
        if given.tzinfo is not None:
            return given.astimezone(dt.UTC)
        if not exists(given):
            raise ValidationError(skipped_words(given), code="skipped")
        return instant_of(given, last=self.ends)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another time is shown: the hour that comes twice reads the same both times."""
        if self.disabled or not isinstance(initial, dt.datetime):
            return super().has_changed(initial, data)
        try:
            given = self._read(data)
        except ValidationError:
            return True
        if given is None or given.tzinfo is not None:
            return given != initial
        return given != timezone.localtime(initial).replace(second=0, microsecond=0, tzinfo=None)

    def _read(self, value: Any) -> dt.datetime | None:
        if value in self.empty_values:
            return None
        try:
            found = parse_datetime(str(value).strip())
        except ValueError:
            found = None
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


def keep_untouched(form: Any, *names: str) -> None:
    """Give the fields that show what they showed before the instant they had: seconds, and which of two equal hours."""
    for name in names:
        if name in form.cleaned_data and name not in form.changed_data:
            form.cleaned_data[name] = form.get_initial_for_field(form.fields[name], name)


def name_zone(form: Any, *names: str) -> None:
    """Say at these fields which zone their times are of."""
    for name in names:
        field = form.fields[name]
        field.help_text = f"{field.help_text} Time in {zone_name()}.".strip()


def zone_name() -> str:
    """The organization's zone, such as `America/New_York`."""
    return timezone.get_current_timezone_name()


def instant_of(local: dt.datetime, *, last: bool = False) -> dt.datetime:
    """The instant of a local time without a zone; of two the first, or the `last`."""
    return local.replace(tzinfo=timezone.get_current_timezone(), fold=int(last)).astimezone(dt.UTC)


def exists(local: dt.datetime) -> bool:
    """Whether the clocks ever show it."""
    return timezone.localtime(instant_of(local)).replace(tzinfo=None, fold=0) == local.replace(fold=0)


def skipped_words(local: dt.datetime) -> str:
    """Why there is no such time, and which there are around it."""
    before = after = local.replace(second=0, microsecond=0)
    while not exists(before):
        before -= MINUTE
    while not exists(after):
        after += MINUTE
    return (
        f"There is no {local:%H:%M} on {spelled(local.date())} in {zone_name()}: "
        f"the clocks go from {before + MINUTE:%H:%M} to {after:%H:%M}."
    )


def day_begins(day: dt.date) -> dt.datetime:
    """The first instant of a local day, also where its midnight is skipped."""
    return instant_of(dt.datetime.combine(day, dt.time.min))


def hours_of(day: dt.date) -> float:
    """How many hours a local day has: 24, but 23 or 25 where the clocks change (Lord Howe: 23.5 and 24.5)."""
    return (day_begins(day + dt.timedelta(days=1)) - day_begins(day)) / dt.timedelta(hours=1)
