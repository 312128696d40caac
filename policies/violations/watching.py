"""What the product's own rules find becomes a violation, once; what they find no more has ended."""

import datetime as dt
from contextlib import suppress

from audit.actions import action
from audit.actors import System
from inventory.models import Person
from policies.models import Policy, Violation
from policies.violations.actions import Detected, Status, fingerprint_of, keep
from policies.violations.own import RULES, Breach, Rule
from tenancy.models import Organization
from tenancy.scope import now
from ui.refusals import ActionRefused

ITSELF = System("own rules")
POLICY = "access-control"  # of the starters: where it is kept here, its rules are these
AT_ONCE = 200  # new ones of one run
DISMISSED_FOR = dt.timedelta(days=90)  # what was dismissed is not found again before


def watch_own_rules(organization: Organization, at: dt.datetime) -> None:
    """Look at accounts, sessions and tokens of the organization. Idempotent."""
    ours = Violation.objects.filter(detected=Detected.SYSTEM)
    held = {one.fingerprint: one for one in ours.filter(status=Status.OPEN)}
    quiet = ours.filter(status=Status.DISMISSED, ended_at__gt=at - DISMISSED_FOR)
    known = {*held, *quiet.values_list("fingerprint", flat=True)}
    found = {fingerprint_of("own", rule.key, one.key): (rule, one) for rule in RULES for one in rule.found(organization, at)}
    new = [key for key in found if key not in known]
    for key in new[:AT_ONCE]:
        with suppress(ActionRefused):
            _open(key, *found[key])
    for key, one in held.items():
        if key not in found:
            with suppress(ActionRefused):
                _end(one)


@action
def _open(key: str, rule: Rule, breach: Breach) -> None:
    policy = Policy.objects.filter(library_key=POLICY, status=Policy.Status.ACTIVE).first()
    person = Person.objects.filter(member=breach.member.pk).select_related("member__user", "member__organization").first()
    keep(
        Violation(
            title=rule.title,
            description=rule.remedy,
            policy=policy,
            resource=breach.resource,
            person=person,
            member=breach.member,
            owner=person,
            severity=rule.severity,
            detected=Detected.SYSTEM,
            rule=rule.key,
            fingerprint=key,
            detected_at=now(),
        ),
        ITSELF,
    )


@action
def _end(violation: Violation) -> None:
    locked = Violation.objects.select_for_update(of=("self",)).get(pk=violation.pk)
    if locked.status != Status.OPEN:
        raise ActionRefused("Somebody has dismissed it meanwhile.")
    Violation.REMEDY.apply(violation, actor=ITSELF, ended_at=now(), outcome="Plumbline finds it no more.")
