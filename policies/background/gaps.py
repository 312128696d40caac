"""Who had access before their background check: by the accounts in the inventory. Each becomes a finding, once."""

import datetime as dt
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from audit.actions import action
from audit.actors import SCHEDULE
from audit.record import record
from controls.findings.actions import raise_finding
from controls.models import Control, Finding
from inventory.models import Account, Person, System
from policies.models import BackgroundCheck, BackgroundGap, BackgroundRule
from policies.people import at_work
from tenancy.models import Organization, current_organization

CONTROL = "HR-001"
TITLE = "access before a background check"
AT_ONCE = 100


def early(rule: BackgroundRule, today: dt.date) -> QuerySet[Any]:
    """People at work who had an account before they were checked, or who were not, with `seen_at` and `checked_on`.

    `seen_at` is the first population with an account of theirs in a system in use. Those whose accounts were there before
    the rule's day are not judged.
    """
    organization = current_organization()
    accounts = Account.objects.filter(person=OuterRef("pk"), kind=Account.Kind.PERSON, system__status=System.Status.ACTIVE)
    checks = BackgroundCheck.objects.filter(person=OuterRef("pk"), status=BackgroundCheck.Status.CURRENT)
    people = Person.objects.filter(at_work(today)).annotate(
        seen_at=Subquery(accounts.order_by("first_snapshot__as_of").values("first_snapshot__as_of")[:1]),
        checked_on=Subquery(checks.order_by("checked_on").values("checked_on")[:1]),
    )
    if not rule.contractors:
        people = people.filter(kind=Person.Kind.EMPLOYEE)
    begin = organization.end_of(rule.since - dt.timedelta(days=1))
    late = Q(checked_on=None) | Q(checked_on__gt=TruncDate(F("seen_at"), tzinfo=organization.tzinfo))
    return people.filter(late, seen_at__gte=begin).order_by("name", "pk")


def untold(people: QuerySet[Any]) -> QuerySet[Any]:
    """Those of `early` that no finding tells of: none at all, or of somebody still unchecked none that is open."""
    gaps = BackgroundGap.objects.filter(person=OuterRef("pk"))
    is_open = Exists(gaps.exclude(finding__status=Finding.Status.CLOSED))
    return people.filter(~is_open).filter(Q(checked_on=None) | ~Exists(gaps))


def raise_findings(organization: Organization, at: dt.datetime) -> None:
    """Raise the finding of each of them. Idempotent."""
    rule = BackgroundRule.objects.first()
    if rule is None:
        return
    today = organization.day_of(at)
    for key in list(untold(early(rule, today)).values_list("pk", flat=True)[:AT_ONCE]):
        _raise(key, rule, today)


def _raise(key: Any, rule: BackgroundRule, today: dt.date) -> None:
    Person.objects.select_for_update().get(pk=key)
    found = untold(early(rule, today)).filter(pk=key).first()
    if found is not None:
        _raise_one(found, today)


@action
def _raise_one(person: Any, today: dt.date) -> BackgroundGap:
    access_on = current_organization().day_of(person.seen_at)
    checked = f"was checked on {person.checked_on:%-d %B %Y}" if person.checked_on else "has no background check"
    finding = raise_finding(
        actor=SCHEDULE,
        title=f"{person.name}: {TITLE}"[:200],
        severity="high" if person.checked_on is None else "medium",
        source=Finding.Source.OTHER,
        link=person.get_absolute_url(),
        control=Control.objects.filter(code=CONTROL, status=Control.Status.ACTIVE).select_related("owner").first(),
        risk=f"An account was there on {access_on:%-d %B %Y}, and {person.name} {checked}.",
        remediation="Have the check done, or take the access away until it is; say why access came first.",
        evidence_required="The check in the register, and what now keeps access from coming first.",
    )
    gap = BackgroundGap(person_id=person.pk, finding=finding, access_on=access_on, found_on=today)
    gap.save(force_insert=True)
    record("background_gap.raise", gap, actor=SCHEDULE, after={"finding": str(finding), "access_on": access_on})
    return gap
