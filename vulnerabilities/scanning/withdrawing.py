"""Withdrawing a scan that was imported wrongly: what it saw, and did not see, counts no more."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import Entry, record_many
from evidence.printing.words import plural
from tenancy.scope import now
from ui.refusals import ActionRefused
from vulnerabilities.models import Scan, ScanScope, Sighting, Tool, Vulnerability
from vulnerabilities.outputs.feeding import unfeed_scan
from vulnerabilities.reading.report import grave
from vulnerabilities.scanning.alerting import tell_critical
from vulnerabilities.scanning.judging import evaluated
from vulnerabilities.scanning.recounting import Left, Seen, left_of
from vulnerabilities.scanning.writing import move
from vulnerabilities.scopes.actions import plan_next, said
from vulnerabilities.settings import local_day, settings_of_vulnerabilities

RECOUNT = "vulnerability.recount"
COUNTED = ("first_seen_at", "severity", "due_on")
Standing = list[tuple[Vulnerability, Left | None]]


@action
def withdraw_scan(scan: Scan, *, actor: Actor, reason: str) -> Scan:
    """Say that it was imported wrongly, and why. It stays to be read; the same file can be imported again.

    What no other scan has is withdrawn with it, what it alone had closed is open again, and whatever it told of the rest is taken
    back. Raises ActionRefused.
    """
    Scan.WITHDRAW.authorise(actor)
    refuse_own(scan)
    why = said(reason)
    scope = ScanScope.objects.select_for_update(of=("self",)).select_related("system").get(pk=scan.scope_id)
    Scan.WITHDRAW.apply(
        scan,
        actor=actor,
        note=why,
        metadata={"scope": str(scope), "sha256": scan.sha256},
        withdrawn_at=now(),
        withdrawn_by=actor if isinstance(actor, Member) else None,
        withdrawn_reason=why,
    )
    opened = _recount(scan, standing_without(scan), actor)
    plan_next(scope)
    unfeed_scan(scan)
    tell_critical(opened, scope, scope.name)
    return scan


def refuse_own(scan: Scan) -> None:
    """Raise ActionRefused for a scan that nobody imported."""
    if scan.tool == Tool.TLS:
        raise ActionRefused("Plumbline made this check by itself: nothing was imported wrongly. The next one says how it is now.")


def standing_without(scan: Scan) -> Standing:
    """What it has seen, or closed, with how each stands by the scans that count without it."""
    touched = Q(pk__in=Sighting.objects.filter(scan=scan).values("vulnerability"))
    if scan.evaluable:
        touched |= Q(status=Vulnerability.Status.FIXED, fixed_at=scan.ran_at)
    rows = Vulnerability.objects.filter(scope=scan.scope_id).exclude(status=Vulnerability.Status.WITHDRAWN)
    known = list(rows.filter(touched).select_related("owner__member__user").order_by("reference"))
    seen = _seen(known, scan)
    ran = dict(evaluated(scan.scope).exclude(pk=scan.pk).values_list("pk", "ran_at"))
    return [(one, left_of(one, seen[one.pk], ran)) for one in known]


def _seen(known: Sequence[Vulnerability], scan: Scan) -> dict[uuid.UUID, list[Seen]]:
    """By whom else each was seen."""
    rows = Sighting.objects.filter(vulnerability__in=[one.pk for one in known], scan__status=Scan.Status.KEPT)
    names = ("vulnerability_id", "scan_id", "scan__ran_at", "severity", "version", "is_suppressed")
    seen: dict[uuid.UUID, list[Seen]] = defaultdict(list)
    for key, *facts in rows.exclude(scan=scan).values_list(*names):
        seen[key].append(Seen(*facts))
    return seen


def consequences(scan: Scan) -> str:
    """What withdrawing it would do, in sentences for whoever is about to."""
    standing = standing_without(scan)
    alone = sum(left is None for _, left in standing)
    opens = sum(_opens(one, left) for one, left in standing)
    words = ["It stays to be read, and nothing that it saw, or did not see, counts any more. Its evidence is withdrawn with it."]
    if alone:
        verb = "is" if alone == 1 else "are"
        words.append(f"{plural(alone, 'vulnerability', 'vulnerabilities')} that no other scan has {verb} withdrawn.")
    if opens:
        verb = "is" if opens == 1 else "are"
        words.append(f"{plural(opens, 'vulnerability', 'vulnerabilities')} that it had closed {verb} open again.")
    return " ".join([*words, "The same file can be imported again."])


def _opens(one: Vulnerability, left: Left | None) -> bool:
    return left is not None and one.status == Vulnerability.Status.FIXED and left.fixed_at is None


def _recount(scan: Scan, standing: Standing, actor: Actor) -> list[Vulnerability]:
    """Write how each stands now, with an event for each that has changed; returns those that are open again, or graver."""
    opened = [one for one, left in standing if _opens(one, left)]
    alone = [one for one, left in standing if left is None]
    verbs = {
        **{one.pk: RECOUNT for one, _ in standing},
        **{one.pk: Vulnerability.UNFIX.verb for one in opened},
        **{one.pk: Vulnerability.WITHDRAW.verb for one in alone},
    }
    before = {one.pk: _facts(one) for one, _ in standing}
    _write([(one, left) for one, left in standing if left is not None])
    move(alone, Vulnerability.WITHDRAW.target, fixed_at=None)
    entries: dict[str, list[Entry]] = defaultdict(list)
    for one, _ in standing:
        was, is_now = before[one.pk], _facts(one)
        changed = [name for name in was if was[name] != is_now[name]]
        if changed:
            told = {name: was[name] for name in changed}, {name: is_now[name] for name in changed}
            entries[verbs[one.pk]].append(Entry(one._meta.label_lower, one.pk, str(one), *told, {"scan": scan.reference}))
    for verb, several in entries.items():
        record_many(verb, actor=actor, entries=several)
    graver = [one for one, _ in standing if grave(one.severity) < grave(before[one.pk]["severity"])]
    return list({one.pk: one for one in [*opened, *graver]}.values())


def _write(standing: Sequence[tuple[Vulnerability, Left]]) -> None:
    counted = [one for one, left in standing if _count(one, left)]
    Vulnerability.objects.bulk_update(
        [one for one, _ in standing], ["last_seen_at", "version", "severity_told"], batch_size=1_000
    )
    Vulnerability.objects.bulk_update(counted, COUNTED, batch_size=1_000)
    moved: dict[tuple[str, dt.datetime | None], list[Vulnerability]] = defaultdict(list)
    for one, left in standing:
        if (one.status, one.fixed_at) != (left.status, left.fixed_at):
            moved[left.status, left.fixed_at].append(one)
    for (status, fixed_at), several in moved.items():
        move(several, status, fixed_at=fixed_at)


def _count(one: Vulnerability, left: Left) -> bool:
    """Take over what the scans that count tell; whether anything that was decided by the other has changed.

    It is due anew where its first day or its severity was the withdrawn scan's, unless somebody rated it or it had come back.
    """
    before = [getattr(one, name) for name in COUNTED]
    if one.severity != left.severity:
        one.severity_told = ""  # the other's words; the next scan says them anew
    if (one.first_seen_at, one.severity) != (left.first_seen_at, left.severity) and not (
        one.times_reopened or one.severity_reason
    ):
        days = settings_of_vulnerabilities().days_for(left.severity)
        one.due_on = local_day(left.grave_since) + dt.timedelta(days=days)
    one.first_seen_at, one.last_seen_at = left.first_seen_at, left.last_seen_at
    one.severity, one.version = left.severity, left.version
    return before != [getattr(one, name) for name in COUNTED]


def _facts(one: Vulnerability) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("status", "fixed_at", *COUNTED)}
