"""A list of settings without a gap shows that data is encrypted and logs are kept. One with gaps shows neither."""

from controls.occurrences.feeds import ENCRYPTED_STORAGE, KEPT_LOGS, show
from vulnerabilities.models import Scan
from vulnerabilities.reading.resource_rules import LOGS_KEPT_BRIEFLY, NOT_ENCRYPTED
from vulnerabilities.reading.resources import Kind, kept_resources


def feed_storage(scan: Scan) -> None:
    """Part of the action that keeps the scan; nothing for one that cannot be evaluated, or where no control asks."""
    if not scan.evaluable:
        return
    resources = kept_resources(scan.resources)
    if not any(NOT_ENCRYPTED in one.broken for one in resources):
        show(ENCRYPTED_STORAGE, [scan.evidence])
    stores = [one for one in resources if one.kind == Kind.LOGS]
    if stores and not any(LOGS_KEPT_BRIEFLY in one.broken for one in stores):
        show(KEPT_LOGS, [scan.evidence])
