"""A load test that failed is a finding at once, about the control that plans capacity."""

from controls.findings.actions import raise_finding
from controls.models import Finding
from controls.models.control import Priority
from controls.occurrences.feeds import LOAD_TESTS, controls_fed
from monitoring.checking.outages import MONITOR
from monitoring.load.words import words_of
from monitoring.models import LoadTest

_TO_DO = "Find out what gave way, mend it or add capacity, and repeat the test. If the aim was wrong, say so and change it."
_EVIDENCE = "The report of a later load test that passed."


def raise_failed(test: LoadTest) -> Finding | None:
    """Raise one for a test that failed; None for any other. Part of a caller's action."""
    if not test.failed:
        return None
    what = f"{test.system.name}: the" if test.system else "The"
    return raise_finding(
        actor=MONITOR,
        title=f"{what} load test before {test.before} failed"[:200],
        severity=Priority.MEDIUM,
        source=Finding.Source.OTHER,
        link=test.get_absolute_url(),
        control=controls_fed(LOAD_TESTS).select_related("owner").order_by("code").first(),
        risk=f"{test.reference}: {words_of(test)}",
        remediation=_TO_DO,
        evidence_required=_EVIDENCE,
    )
