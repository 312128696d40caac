"""A recovery test that did not do what was promised is a finding at once, about the control that it performs."""

from django.db.models import QuerySet

from accounts.models import Member
from controls.findings.actions import raise_finding
from controls.findings.rights import visible_to
from controls.models import Finding
from controls.models.control import Priority
from controls.occurrences.feeds import RECOVERY_TESTS, controls_fed
from monitoring.checking.outages import MONITOR
from monitoring.models import LoadTest, RecoveryTest

_TO_DO = (
    "Find out what took so long or was lost, mend it, and repeat the test. If the promise cannot be kept, change the promise."
)
_EVIDENCE = "The protocol of a later test that met its targets."


def raise_missed(test: RecoveryTest, *, said: str) -> Finding | None:
    """Raise one for what failed (high) or missed a target (medium); None for what passed. Part of a caller's action."""
    if test.passed:
        return None
    failed = not test.works or test.rto_minutes is None
    return raise_finding(
        actor=MONITOR,
        title=f"{test.what}: {'recovery failed' if failed else 'a recovery target was missed'}"[:200],
        severity=Priority.HIGH if failed else Priority.MEDIUM,
        source=Finding.Source.OTHER,
        link=test.get_absolute_url(),
        control=controls_fed(RECOVERY_TESTS).select_related("owner").order_by("code").first(),
        risk=f"{test.reference}: {said}",
        remediation=_TO_DO,
        evidence_required=_EVIDENCE,
    )


def raised_of(test: RecoveryTest | LoadTest, member: Member) -> QuerySet[Finding]:
    """The findings about a test that a member sees."""
    return visible_to(member).filter(link=test.get_absolute_url()).order_by("opened_at")
