"""What the audit binder is told of background checks: whether anybody had access first in the period."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.http import urlencode

from controls.binder.documents import Document, Presence
from controls.binder.facts import Fact, Outcome
from controls.models import AuditPeriod
from evidence.printing.words import plural
from inventory.models import Account, Snapshot, System
from policies.background.gaps import TITLE, early
from policies.models import BackgroundCheck, BackgroundGap, BackgroundRule
from tenancy.models import current_organization
from ui.values import spelled

_UNSAID = "Nobody has said from when on people are checked before they get access."


def checked_first(period: AuditPeriod, day: dt.date) -> Iterator[Fact]:
    """What is wrong, what cannot be known, or that nothing was found."""
    url = f"{reverse('controls:finding-list')}?{urlencode({'q': TITLE})}"
    rule = BackgroundRule.objects.first()
    if rule is None:
        yield Fact(Outcome.UNKNOWN, _UNSAID)
        return
    unknown = list(_unknown(rule, period))
    yield from (Fact(Outcome.UNKNOWN, sentence) for sentence in unknown)
    if count := len(_too_early(rule, period, day)):
        people = plural(count, "person", "people")
        yield Fact(Outcome.BROKEN, f"{people} had access in the period before a background check, or without one.", url)
    elif not unknown:
        whom = "Nobody" if rule.contractors else "No employee"
        yield Fact(Outcome.HOLDS, f"{whom} had access before their background check, by the accounts of each system in use.")


def checks(period: AuditPeriod, day: dt.date) -> Iterator[Document]:
    """The register, as a document: of those who had access first nobody is in it in time."""
    name, rule = "Background checks before access", BackgroundRule.objects.first()
    if rule is None:
        yield Document(name, Presence.NOT_EVALUABLE, _UNSAID)
        return
    kept = BackgroundCheck.objects.filter(status=BackgroundCheck.Status.CURRENT).values("person").distinct().count()
    unchecked = len(_too_early(rule, period, day))
    note = f"{plural(kept, 'person', 'people')} checked; {unchecked:,} had access before, or have no check."
    if unchecked:
        yield Document(name, Presence.INCOMPLETE, note)
    elif unknown := list(_unknown(rule, period)) or ([] if kept else ["No check is in the register."]):
        yield Document(name, Presence.NOT_EVALUABLE, unknown[0])
    else:
        yield Document(name, Presence.PRESENT, note)


def _too_early(rule: BackgroundRule, period: AuditPeriod, day: dt.date) -> set[Any]:
    """Who had access and no check on a day of the period so far: those at work now, and of those who left whoever was found."""
    end = min(day, period.ends_on)
    without = Q(checked_on=None) | Q(checked_on__gt=period.starts_on)
    here = early(rule, day).filter(without, seen_at__lt=current_organization().end_of(end))
    return {*here.values_list("pk", flat=True), *_found(without, period, end).values_list("person", flat=True)}


def _found(without: Q, period: AuditPeriod, end: dt.date) -> QuerySet[Any]:
    """What was found of those who were there in the period, unless the register has come to know of a check in time."""
    found = BackgroundCheck.objects.filter(person=OuterRef("person"), status=BackgroundCheck.Status.CURRENT)
    gaps = BackgroundGap.objects.filter(Q(person__left_on=None) | Q(person__left_on__gte=period.starts_on), access_on__lte=end)
    first: Any = gaps.annotate(checked_on=Subquery(found.order_by("checked_on").values("checked_on")[:1]))
    late: QuerySet[Any] = first.filter(without).filter(Q(checked_on=None) | Q(checked_on__gt=F("access_on")))
    return late.order_by()


def _unknown(rule: BackgroundRule, period: AuditPeriod) -> Iterator[str]:
    """Why not everybody could be judged."""
    if rule.since > period.starts_on:
        yield f"Access that began before {spelled(rule.since)} is not judged: that is the day from which on checks come first."
    systems = System.objects.filter(status=System.Status.ACTIVE)
    imported = Snapshot.objects.filter(status=Snapshot.Status.IMPORTED, system__in=systems)
    whole = systems.count()
    missing = whole - systems.filter(pk__in=imported.values("system")).count()
    if missing or not whole:
        yield f"The accounts of {missing:,} of {whole:,} systems have not been imported." if whole else "No system is in use."
    accounts = Account.objects.filter(kind=Account.Kind.UNMATCHED, system__in=systems)
    begin = current_organization().end_of(rule.since - dt.timedelta(days=1))
    if nobodys := accounts.filter(first_snapshot__as_of__gte=begin).count():
        yield f"Of {plural(nobodys, 'account', 'accounts')} nobody has said whose they are."
