"""Critical vulnerabilities at once: a security event to be evaluated, and a mail to those who must act."""

import hashlib
from collections.abc import Sequence

from django.urls import reverse

from accounts.models import Member
from audit.actors import System
from evidence.printing.words import plural
from incidents.models import SecurityEvent
from incidents.reporting.actions import report_event
from incidents.settings import security_team
from ui.values import spelled
from vulnerabilities.models import PenetrationTest, Scan, ScanScope, Vulnerability
from vulnerabilities.reading.report import listed
from workflow.digests import link
from workflow.outbox import queue_mail

ITSELF = System("vulnerabilities")
NAMED = 10  # in the mail and the event; the list has them all


Where = Scan | ScanScope | PenetrationTest


def tell_critical(opened: Sequence[Vulnerability], where: Where, title: str) -> None:
    """Report and mail the critical ones among those that were just opened. Part of a caller's action; nothing for none.

    Others of the same place are told apart, and so is one that was opened again.
    """
    critical = [one for one in opened if one.severity == "critical" and one.status == Vulnerability.Status.OPEN]
    if not critical:
        return
    head = f"{plural(len(critical), 'critical vulnerability', 'critical vulnerabilities')} in {title}"
    lines = [_line(one) for one in critical[:NAMED]]
    if len(critical) > NAMED:
        lines.append(f"- and {len(critical) - NAMED:,} more")
    system = where.scope.system if isinstance(where, Scan) else where.system
    report_event(
        actor=ITSELF,
        title=f"{head}: {listed([one.identifier for one in critical], 3)}"[:200],
        source=SecurityEvent.Source.SCAN,
        reported_as=f"{where}"[:200],
        severity="critical",
        description="\n".join([f"Seen by {where}.", *lines]),
        fingerprint=_key(critical, where),
        system=system,
    )
    _mail(critical, where, head, lines)


def _key(critical: Sequence[Vulnerability], where: Where) -> str:
    opened = ",".join(sorted(f"{one.pk}:{one.times_reopened}" for one in critical))
    return f"critical-vulnerability:{where.pk}:{hashlib.sha256(opened.encode()).hexdigest()[:32]}"


def _mail(critical: Sequence[Vulnerability], where: Where, head: str, lines: Sequence[str]) -> None:
    page = f"{reverse('vulnerabilities:list')}?severity=critical&state=pending"
    text = "\n".join([f"{head}, seen by {where}.", "", *lines, "", f"All that are open: {link(page)}"]) + "\n"
    for member in _told(critical):
        queue_mail(to=member.email, subject=head, text=text, key=f"{_key(critical, where)}:{member.pk}")


def _told(critical: Sequence[Vulnerability]) -> list[Member]:
    """The security team, and whoever one of them is with."""
    owners = {one.owner.member_id for one in critical if one.owner and one.owner.member_id}
    members = {member.pk: member for member in security_team()}
    for member in Member.objects.active().filter(pk__in=owners, user__is_active=True).select_related("user", "organization"):
        members.setdefault(member.pk, member)
    return list(members.values())


def _line(one: Vulnerability) -> str:
    package = f" in {one.package} {one.version}".rstrip() if one.package else ""
    return f"- {one.reference}: {one.identifier}{package}. Due {spelled(one.due_on)}."
