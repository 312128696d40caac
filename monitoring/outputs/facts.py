"""What the audit binder is told of checks, uptime, recovery and load: from what was found, never from what somebody says."""

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from controls.binder.facts import Fact, Outcome, register_fact
from controls.models import AuditPeriod
from evidence.printing.words import plural
from monitoring.load.standing import left_open
from monitoring.models import Check, LoadTest, RecoveryTest
from monitoring.recovery.standing import latest_of_each
from monitoring.uptime.reckoning import shares
from tenancy.models import current_organization
from tenancy.scope import now

SHOWN = 3  # named in a sentence
QUARTER = dt.timedelta(days=100)  # a quarter and some days to hold the test
YEAR = dt.timedelta(days=366)
DAY = dt.timedelta(days=1)


def register() -> None:
    """Answer four lines of the checklist."""
    register_fact("health-checks", watched)
    register_fact("uptime-target", targets_met)
    register_fact("recovery-tested", restored)
    register_fact("auto-scaling", carried)


def watched(_period: AuditPeriod, _day: dt.date) -> Iterator[Fact]:
    """Whether something is watched, and whether each check says something. Silent where no check was ever made."""
    checks, url, moment = list(Check.objects.exclude(status=Check.Status.RETIRED)), reverse("monitoring:list"), now()
    if not checks:
        return
    active = [one for one in checks if one.status == Check.Status.ACTIVE]
    silent = [one.name for one in active if one.health_at(moment) == "unknown"]
    down = [one.name for one in active if one.health_at(moment) == "down"]
    if silent:
        yield Fact(Outcome.BROKEN, f"Nothing is known at the moment of {_named(silent)}.", url)
    if down:
        yield Fact(Outcome.BROKEN, f"Down at the moment: {_named(down)}.", url)
    if not active:
        yield Fact(Outcome.BROKEN, "Every check is paused.", url)
    elif not silent and not down:
        yield Fact(Outcome.HOLDS, f"{plural(len(active), 'check is', 'checks are')} watched, each with a result.", url)


def targets_met(period: AuditPeriod, day: dt.date) -> Iterator[Fact]:
    """Whether each check met its target over the days of the period so far. Silent where nothing is watched."""
    organization = current_organization()
    checks = list(Check.objects.exclude(status=Check.Status.RETIRED).order_by("name"))
    begin = organization.end_of(period.starts_on - dt.timedelta(days=1))
    end = min(organization.end_of(min(day, period.ends_on)), now())
    if not checks or end <= begin:
        return
    found = shares(checks, [(begin, end)])
    url = f"{reverse('monitoring:uptime')}?from={period.starts_on}&to={min(day, period.ends_on)}"
    known = [(one, found[one.pk][0].uptime) for one in checks]
    missed = [f"{one.name} ({uptime:.3f} %)" for one, uptime in known if uptime is not None and uptime < float(one.target)]
    measured = sum(uptime is not None for _, uptime in known)
    if not measured:
        yield Fact(Outcome.UNKNOWN, "Nothing is known of the uptime in the period.", url)
    elif missed:
        words = plural(len(missed), "check", "checks")
        yield Fact(Outcome.BROKEN, f"{words} of {measured:,} below target in the period: {_named(missed)}.", url)
    else:
        yield Fact(Outcome.HOLDS, f"{plural(measured, 'check', 'checks')} met the target in the period, maintenance apart.", url)


def restored(_period: AuditPeriod, day: dt.date) -> Iterator[Fact]:
    """Whether the last recovery test was of this quarter, and the latest of each thing in a year met its targets.

    A thing is a system and a way (a restore, a fail-over), or what was tested where no system is named. Silent where none was
    ever recorded.
    """
    last = RecoveryTest.objects.filter(tested_on__lte=day).order_by("-tested_on", "-pk").first()
    if last is None:
        return
    if day - last.tested_on > QUARTER:
        sentence = f"The last recovery test was more than a quarter ago: {_worded(last)}."
        yield Fact(Outcome.BROKEN, sentence, last.get_absolute_url())
    missed = [one for one in latest_of_each(day - YEAR + DAY, day) if not one.passed]
    for one in missed:
        found = one.result_badge.label.lower()
        yield Fact(Outcome.BROKEN, f"The last recovery test of its kind: {found} ({_worded(one)}).", one.get_absolute_url())
    if not missed and day - last.tested_on <= QUARTER:
        yield Fact(Outcome.HOLDS, f"The last recovery test met its targets: {_worded(last)}.", last.get_absolute_url())


def carried(_period: AuditPeriod, day: dt.date) -> Iterator[Fact]:
    """Whether a load test failed and none of the same system has passed since. Silent where none was ever recorded."""
    last = LoadTest.objects.filter(tested_on__lte=day).order_by("-tested_on", "-pk").first()
    open_now = left_open(day)
    for one in open_now:
        if one.failed:
            sentence = f"A load test failed, and none of the same has passed since: {_loaded(one)}."
            yield Fact(Outcome.BROKEN, sentence, one.get_absolute_url())
        else:
            sentence = f"Not everything was measured in the last load test of its kind: {_loaded(one)}."
            yield Fact(Outcome.UNKNOWN, sentence, one.get_absolute_url())
    if last and not open_now:
        yield Fact(Outcome.HOLDS, f"The last load test passed: {_loaded(last)}.", last.get_absolute_url())


def _worded(test: RecoveryTest) -> str:
    return f"{test.reference}, {test.what}, {test.tested_on:%-d %B %Y}"


def _loaded(test: LoadTest) -> str:
    return f"{test.reference}, before {test.before}, {test.tested_on:%-d %B %Y}"


def _named(names: list[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more:,} more" if more > 0 else "")
