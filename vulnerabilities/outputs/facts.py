"""What the audit binder is told: from scans and handshakes that took place, never from what somebody says of them."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse

from controls.binder.facts import Fact, Outcome, register_fact
from controls.models import AuditPeriod
from evidence.printing.words import plural
from vulnerabilities.endpoints.judging import NEWEST, OLD
from vulnerabilities.models import OF_SETTINGS, PENDING, PenetrationTest, Scan, ScanScope, TlsResult, Tool, Vulnerability
from vulnerabilities.reading.report import listed

YEAR = dt.timedelta(days=366)


def register() -> None:
    """Answer three lines of the checklist."""
    register_fact("vulnerability-scans", scanned)
    register_fact("penetration-test", tested)
    register_fact("tls", tls_everywhere)


def scanned(_period: AuditPeriod, day: dt.date) -> Iterator[Fact]:
    """Whether everything that is scanned was scanned in time, by a scan that could be evaluated; and what is overdue."""
    url = reverse("vulnerabilities:scope-list")
    done = Scan.objects.filter(scope=OuterRef("pk"), evaluable=True, status=Scan.Status.KEPT)
    scopes = ScanScope.objects.filter(status=ScanScope.Status.ACTIVE).exclude(tool__in=OF_SETTINGS).annotate(done=Exists(done))
    rows = list(scopes.order_by("name").values_list("name", "next_due_on", "done"))
    if not rows:
        yield Fact(Outcome.UNKNOWN, "Nothing is named that is scanned.", url)
        return
    never = [name for name, _, was in rows if not was]
    late = [name for name, due, was in rows if was and due < day]
    if never:
        yield Fact(Outcome.BROKEN, f"Never scanned so that it could be evaluated: {listed(never, 3)}.", url)
    if late:
        yield Fact(Outcome.BROKEN, f"A scan is overdue of {listed(late, 3)}.", f"{url}?due=late")
    if not never and not late:
        yield Fact(Outcome.HOLDS, f"{plural(len(rows), 'scope is', 'scopes are')} scanned in time.", url)
    overdue = Vulnerability.objects.filter(status__in=PENDING, due_on__lt=day).count()
    if overdue:
        words = f"{plural(overdue, 'vulnerability is', 'vulnerabilities are')} past due."
        yield Fact(Outcome.BROKEN, words, f"{reverse('vulnerabilities:list')}?due=late")


def tested(_period: AuditPeriod, day: dt.date) -> Iterator[Fact]:
    """Whether a penetration test was reported within its interval."""
    url = reverse("vulnerabilities:test-list")
    reported = PenetrationTest.objects.filter(reported_on__isnull=False, reported_on__lte=day).order_by("-ends_on").first()
    if reported is None:
        yield Fact(Outcome.BROKEN, "No penetration test was reported.", url)
        return
    until = reported.ends_on + dt.timedelta(days=max(reported.every_days, 1))
    words = f"{reported.reference} by {reported.firm} ended on {reported.ends_on:%-d %B %Y}"
    if until < day or day - reported.ends_on > YEAR:
        yield Fact(Outcome.BROKEN, f"{words}: the next is overdue.", url)
    else:
        yield Fact(Outcome.HOLDS, f"{words}.", reported.get_absolute_url())


def tls_everywhere(_period: AuditPeriod, _day: dt.date) -> Iterator[Fact]:
    """Whether every named endpoint spoke TLS 1.2 or newer, and nothing older, when it was last checked."""
    url = reverse("vulnerabilities:endpoint-list")
    last = TlsResult.objects.filter(scan__scope=OuterRef("pk")).order_by("-scan__ran_at")
    latest = Scan.objects.filter(scope=OuterRef("pk")).order_by("-ran_at")
    scopes = ScanScope.objects.filter(tool=Tool.TLS, status=ScanScope.Status.ACTIVE).annotate(
        protocol=Subquery(last.values("protocol")[:1]),
        accepts_old=Subquery(last.values("accepts_old")[:1]),
        reached=Subquery(latest.values("evaluable")[:1]),
    )
    rows = list(scopes.order_by("name").values_list("name", "protocol", "accepts_old", "reached"))
    if not rows:
        return  # no endpoint is named: the line is told by its controls alone
    unknown = [name for name, _, _, reached in rows if not reached]
    bad = [name for name, protocol, old, reached in rows if reached and (protocol in OLD or old)]
    if bad:
        yield Fact(Outcome.BROKEN, f"TLS below 1.2 at {listed(bad, 3)}.", url)
    if unknown:
        yield Fact(Outcome.UNKNOWN, f"Could not be checked: {listed(unknown, 3)}.", url)
    if not bad and not unknown:
        newest = sum(protocol == NEWEST for _, protocol, _, _ in rows)
        words = f"{plural(len(rows), 'endpoint speaks', 'endpoints speak')} TLS 1.2 or newer, {newest} of them 1.3."
        yield Fact(Outcome.HOLDS, words, url)
