"""What the audit binder is told of changes and deployments: from what was reported, never from what somebody says of it."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from changes.deployments.coverage import FROM_FILES, Accounted, accounted, within
from changes.models import Approval, Change, Kind
from changes.models.deployment import Classification, Note
from controls.binder.facts import Fact, Outcome, register_fact
from controls.models import AuditPeriod
from evidence.printing.words import plural
from tenancy.models import current_organization


def register() -> None:
    """Answer the rule and the lines of the checklist."""
    register_fact("no-unapproved-deployment", none_unapproved)
    register_fact("production-approval", deployments_approved)
    register_fact("pull-requests", by_pull_request)
    register_fact("code-review", reviewed_by_another)
    register_fact("automated-tests", checks_passed)


def deployments_approved(period: AuditPeriod, _day: dt.date) -> Iterator[Fact]:
    """Whether each deployment of the period had an approval."""
    if found := list(_accounted(period)):
        yield from found
    else:
        yield Fact(Outcome.UNKNOWN, "No deployment was reported in the period.", reverse("changes:deployment-list"))


def none_unapproved(period: AuditPeriod, _day: dt.date) -> Iterator[Fact]:
    """The same for the rule, which events that other systems log can answer too: silent while no deployment was reported."""
    yield from _accounted(period)


def _accounted(period: AuditPeriod) -> Iterator[Fact]:
    """What is wrong, and what rests on the word of a pipeline, which nobody here can confirm; else that all is well."""
    found = accounted(within(current_organization(), period.starts_on, period.ends_on))
    if not found.total:
        return
    url, after = reverse("changes:deployment-list"), found.counts[Classification.APPROVED_AFTER]
    if found.unaccounted:
        without = f"{found.unaccounted:,} of {plural(found.total, 'deployment')} went out without an approval."
        yield Fact(Outcome.BROKEN, without, url)
    if after:
        yield Fact(Outcome.BROKEN, f"{plural(after, 'deployment was', 'deployments were')} approved only afterwards.", url)
    if on_word := sum(found.words.values()):
        stands = f"That {on_word:,} of {plural(found.total, 'deployment')} went while approved rests on the pipeline's word."
        yield Fact(Outcome.UNKNOWN, stands, f"{url}?{urlencode(_marked(period))}")
    if not found.unaccounted and not after and not on_word:
        yield Fact(Outcome.HOLDS, _all_well(found), url)


def _marked(period: AuditPeriod) -> dict[str, str]:
    """Those on the pipeline's word, as the list of deployments is asked for them."""
    days = {"from": period.starts_on.isoformat(), "to": period.ends_on.isoformat()}
    return {"note": Note.ON_WORD.value, "counts": "yes", **days}


def _all_well(found: Accounted) -> str:
    urgent = found.counts[Classification.EMERGENCY]
    among = f", {plural(urgent, 'emergency', 'emergencies')} among them" if urgent else ""
    files = f" {FROM_FILES.format(found.from_files, 'them')}" if found.from_files else ""
    return f"Each of {plural(found.total, 'deployment')} was approved beforehand{among}.{files}"


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
