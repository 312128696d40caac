"""What the product itself knows of a line of the checklist or of a rule. Higher areas register what they hold."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import models

from controls.models import AuditPeriod


class Outcome(models.TextChoices):
    """What a fact says of a line."""

    HOLDS = "holds", "Holds"
    BROKEN = "broken", "Broken"
    UNKNOWN = "unknown", "Could not be evaluated"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known, in a sentence, and where it is seen."""

    outcome: Outcome
    sentence: str
    url: str = ""


Provider = Callable[[AuditPeriod, dt.date], Iterable[Fact]]
_providers: dict[str, list[Provider]] = defaultdict(list)


def register_fact(key: str, provider: Provider) -> None:
    """Say what an area knows of a line of the checklist or a rule; call it when the app is ready.

    `provider(period, day)` is called in the organization's scope, with few queries whatever the number of rows. A fact makes a
    line worse, or leaves it as its controls have it: nothing that has no control is in place.
    """
    if provider not in _providers[key]:
        _providers[key].append(provider)


def facts_of(key: str, period: AuditPeriod, day: dt.date) -> list[Fact]:
    """Everything that is known of a line."""
    return [fact for provider in _providers.get(key, []) for fact in provider(period, day)]
