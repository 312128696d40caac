"""What the organization has chosen about its vulnerabilities, and when one is due."""

import datetime as dt

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from tenancy.models import current_organization
from ui.refusals import ActionRefused
from vulnerabilities.models import VulnerabilitySettings
from vulnerabilities.rights import WRITE

NAMES = ("days_critical", "days_high", "days_medium", "days_low", "certificate_days", "acceptance_days")


def settings_of_vulnerabilities() -> VulnerabilitySettings:
    """The active organization's row, or the defaults."""
    return VulnerabilitySettings.objects.first() or VulnerabilitySettings()


def local_day(at: dt.datetime) -> dt.date:
    """The day of an instant where the organization is."""
    return current_organization().day_of(at)


@action
def choose_settings(*, actor: Actor, **chosen: int) -> VulnerabilitySettings:
    """Choose them. What is open keeps its due day: it was promised. Raises ActionRefused."""
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")
    row = VulnerabilitySettings.objects.select_for_update().first()
    settings = row or VulnerabilitySettings()
    before = {name: getattr(settings, name) for name in NAMES}
    for name in NAMES:
        setattr(settings, name, chosen[name])
    after = {name: getattr(settings, name) for name in NAMES}
    if row is not None and before == after:
        raise ActionRefused("Nothing was changed.")
    settings.save(force_insert=row is None)
    record("vulnerability_settings.edit", settings, actor=actor, before=before, after=after)
    return settings
