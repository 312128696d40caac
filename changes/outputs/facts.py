"""What the audit binder is told of changes and deployments: from what was reported, never from what somebody says of it."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from changes.deployments.coverage import counts_between, within
from changes.models import Approval, Change, Kind
from changes.models.deployment import Classification
from controls.binder.facts import Fact, Outcome, register_fact
from controls.models import AuditPeriod
from evidence.printing.words import plural
from tenancy.models import current_organization

WITHOUT = (Classification.UNAPPROVED, Classification.UNMATCHED)


def register() -> None:
    """Answer the rule and the lines of the checklist."""
    register_fact("no-unapproved-deployment", none_unapproved)
    register_fact("production-approval", deployments_approved)
    register_fact("pull-requests", by_pull_request)
    register_fact("code-review", reviewed_by_another)
    register_fact("automated-tests", checks_passed)


def deployments_approved(period: AuditPeriod, _day: dt.date) -> Iterator[Fact]:
    """Whether each deployment of the period had an approval."""
    counts, url = counts_between(period.starts_on, period.ends_on), reverse("changes:deployment-list")
    total, without = sum(counts.values()), sum(counts[one] for one in WITHOUT)
    after, urgent = counts[Classification.APPROVED_AFTER], counts[Classification.EMERGENCY]
    if not total:
        yield Fact(Outcome.UNKNOWN, "No deployment was reported in the period.", url)
        return
    if without:
        yield Fact(Outcome.BROKEN, f"{without:,} of {plural(total, 'deployment')} went out without an approval.", url)
    if after:
        yield Fact(Outcome.BROKEN, f"{plural(after, 'deployment was', 'deployments were')} approved only afterwards.", url)
    if not without and not after:
        among = f", {plural(urgent, 'emergency', 'emergencies')} among them" if urgent else ""
        yield Fact(Outcome.HOLDS, f"Each of {plural(total, 'deployment')} was approved beforehand{among}.", url)


def none_unapproved(period: AuditPeriod, day: dt.date) -> Iterator[Fact]:
    """The same for the rule, which events that other systems log can answer too: silent while no deployment was reported."""
    yield from (fact for fact in deployments_approved(period, day) if fact.outcome != Outcome.UNKNOWN)


def by_pull_request(period: AuditPeriod, _day: dt.date) -> Iterator[Fact]:
    """Whether the code that was deployed had come in by a pull or merge request."""
    organization = current_organization()
    rows = within(organization, period.starts_on, period.ends_on).filter(Q(change=None) | Q(change__kind=Kind.CODE))
    without = Q(change=None) | Q(change__number=None)
    counted = rows.order_by().aggregate(all=Count("pk"), without=Count("pk", filter=without))
    url = reverse("changes:deployment-list")
    total = plural(counted["all"], "deployment")
    if not counted["all"]:
        yield Fact(Outcome.UNKNOWN, "No deployment of code was reported in the period.", url)
    elif counted["without"]:
        yield Fact(Outcome.BROKEN, f"{counted['without']:,} of {total} belong to no pull request.", url)
    else:
        yield Fact(Outcome.HOLDS, f"Each of {total} of code belongs to a pull request.", url)


def reviewed_by_another(period: AuditPeriod, _day: dt.date) -> Iterator[Fact]:
    """Whether somebody who wrote none of it approved each change of code."""
    given = Approval.objects.filter(
        change=OuterRef("pk"), content_hash=OuterRef("content_hash"), status="given", answer="approved", is_author=False
    )
    rows = _carried_out(period).annotate(reviewed=Exists(given))
    counted = rows.aggregate(all=Count("pk"), without=Count("pk", filter=Q(reviewed=False)))
    yield _of_all(
        counted, "had no reviewer but their authors", "Each of {} of code was reviewed by somebody who did not write it."
    )


def checks_passed(period: AuditPeriod, _day: dt.date) -> Iterator[Fact]:
    """Whether the checks of each pull request passed."""
    failed = Q(checks__contains=[{"outcome": "failed"}]) | Q(checks=[])
    rows = _carried_out(period).filter(number__isnull=False)
    counted = rows.aggregate(all=Count("pk"), without=Count("pk", filter=failed))
    yield _of_all(counted, "had no checks, or one that failed", "The checks of each of {} of code passed.")


def _of_all(counted: dict[str, int], wrong: str, good: str) -> Fact:
    url = f"{reverse('changes:list')}?{urlencode({'kind': 'code'})}"
    if not counted["all"]:
        return Fact(Outcome.UNKNOWN, "No change of code is known to have been carried out in the period.", url)
    if counted["without"]:
        return Fact(Outcome.BROKEN, f"{counted['without']:,} of {plural(counted['all'], 'change')} of code {wrong}.", url)
    return Fact(Outcome.HOLDS, good.format(plural(counted["all"], "change")), url)


def _carried_out(period: AuditPeriod) -> QuerySet[Change]:
    """Changes of code that were carried out in the period; a merged request that nobody deployed is not yet."""
    begin, end = span(period)
    return Change.objects.filter(kind=Kind.CODE, implemented_at__gte=begin, implemented_at__lt=end).order_by()


def span(period: AuditPeriod) -> tuple[dt.datetime, dt.datetime]:
    """The instants of its days."""
    organization = current_organization()
    return organization.end_of(period.starts_on - dt.timedelta(days=1)), organization.end_of(period.ends_on)
