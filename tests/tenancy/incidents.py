"""The part of everything that incidents hold: an incident out of a security event, with who is on it and what it affects."""

from accounts.models import Member
from audit.actions import action
from audit.record import record
from incidents.lifecycle.people import add_to_team
from incidents.models import Incident, IncidentSettings, SecurityTeamMember
from incidents.reporting.actions import open_incident, report_event
from inventory.models import System
from tests.tenancy.incident_work import make_work
from tests.tenancy.on_call import make_on_call


def make_incidents(manager: Member, word: str) -> None:
    """Fill incidents; call within the organization's scope, after its systems and evidence exist."""
    event = report_event(actor=manager, title=word, source="person", fingerprint=word)
    systems = System.objects.filter(name__startswith=word)[:1]
    incident = open_incident(actor=manager, title=word, severity="high", systems=systems, event=event, component=word)
    add_to_team(incident, member=manager, actor=manager)
    _choose(manager)
    _fill(incident, manager, word)


@action
def _choose(manager: Member) -> None:
    chosen = IncidentSettings.objects.create()
    SecurityTeamMember.objects.create(member=manager)
    record("incident_settings.edit", chosen, actor=manager)


def _fill(incident: Incident, manager: Member, word: str) -> None:
    """What hangs on the incident: each area adds its own here."""
    make_on_call(manager, incident, word)
    make_work(manager, incident, word)
