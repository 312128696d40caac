"""Which environments count: deployments elsewhere, such as to a test system, need no change."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from changes.models import ChangeSettings, Deployment
from ui.refusals import ActionRefused

WRITE = "change_rules.write"


def counted_environments() -> list[str]:
    """Those that were chosen, in lower case; none: all count."""
    chosen = ChangeSettings.objects.values_list("counted_environments", flat=True).first()
    return sorted(chosen or [])


def counted() -> Q:
    """The deployments that count, by one query for the choice."""
    chosen = counted_environments()
    return Q(environment__in=chosen) if chosen else Q()


def counting() -> Q:
    """The same as a part of another query, which asks for the choice itself."""
    chosen = ChangeSettings.objects.exclude(counted_environments=[])
    return Q(~Exists(chosen) | Exists(chosen.filter(counted_environments__contains=[OuterRef("environment")])))


def known_environments() -> list[str]:
    """Those that deployments were reported for."""
    return list(
        Deployment.objects.order_by().values_list(Lower("environment"), flat=True).distinct().order_by("environment")[:100]
    )


@action
def choose_environments(environments: Sequence[str], *, actor: Actor) -> ChangeSettings:
    """Choose which environments count; none: all. Raises ActionRefused."""
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")
    chosen = sorted({one.strip().lower() for one in environments if one.strip()})
    if too_long := next((one for one in chosen if len(one) > 40), ""):
        raise ActionRefused(f"{too_long[:40]}… is longer than 40 characters.", field="environments")
    settings = ChangeSettings.objects.select_for_update().first() or ChangeSettings()
    before = list(settings.counted_environments)
    if before == chosen:
        raise ActionRefused("These are chosen already.", field="environments")
    settings.counted_environments = chosen
    settings.save()
    record(
        "change_settings.edit",
        settings,
        actor=actor,
        before={"counted_environments": before},
        after={"counted_environments": chosen},
    )
    return settings
