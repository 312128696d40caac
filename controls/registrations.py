"""What the lower apps should know of the controls."""

from controls import carrying, manifest
from controls.binder import registrations as binder
from controls.catalogue import registrations as catalogue
from controls.events import registrations as events
from controls.findings import registrations as findings
from controls.gaps import registrations as gaps
from controls.occurrences import registrations as occurrences
from controls.periods import registrations as periods
from controls.requests import registrations as requests
from controls.roadmap import registrations as roadmap
from controls.status import registrations as status
from controls.testing import registrations as testing


def register() -> None:
    """Fill the registries."""
    catalogue.register()
    occurrences.register()
    findings.register()
    events.register()
    binder.register()
    gaps.register()
    periods.register()
    roadmap.register()
    requests.register()
    testing.register()
    manifest.register()
    carrying.register()
    status.register()  # after what moves occurrences: it derives from them
