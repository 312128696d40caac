"""What follows from a scan by itself: critical ones are told at once, and controls are shown to be at work."""

from collections.abc import Sequence

from vulnerabilities.models import Scan, Vulnerability
from vulnerabilities.outputs.feeding import feed_scan
from vulnerabilities.outputs.storage_feeding import feed_storage
from vulnerabilities.scanning.alerting import tell_critical


def follow(scan: Scan, opened: Sequence[Vulnerability]) -> None:
    """Part of the action that keeps the scan: `opened` are those it has opened, opened again or found to be graver."""
    tell_critical(opened, scan, scan.scope.name)
    if scan.scope.is_storage:
        feed_storage(scan)
    else:
        feed_scan(scan)
