"""Incidents to try things on, made by the actions."""

from typing import Any

from accounts.models import Member
from audit.actors import Actor
from incidents.lifecycle import actions
from incidents.lifecycle.people import add_to_team
from incidents.models import Incident
from incidents.reporting.actions import open_incident

SECRET = "Quagga"  # in everything that is written about a confidential one


def an_incident(actor: Actor, **fields: Any) -> Incident:
    """One of medium severity, unless another is asked for."""
    return open_incident(actor=actor, **{"title": "Invoices are late", "kind": "availability", **fields})


def resolved(actor: Actor, **fields: Any) -> Incident:
    """The same, put right."""
    incident = an_incident(actor, **fields)
    actions.resolve(incident, actor=actor, resolution="Restarted.", root_cause="A full disk.")
    return incident


def a_secret(actor: Member, *team: Member, **fields: Any) -> Incident:
    """A confidential one with a team."""
    words = {"title": f"{SECRET} title", "description": f"{SECRET} story", "data_affected": f"{SECRET} data"}
    incident = an_incident(actor, **{**words, "confidential": True, "detected_by": f"{SECRET} scanner", **fields})
    for member in team:
        add_to_team(incident, member=member, actor=actor)
    return incident
