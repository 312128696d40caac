"""Telling whom an incident concerns, one after the other, until somebody has acknowledged it."""

from audit.actors import Actor
from incidents.models import Incident


def start(incident: Incident) -> None:
    """Begin to tell. Part of the action that opens the incident."""


def stop(incident: Incident, actor: Actor) -> None:
    """Tell nobody else: somebody has taken it. Part of the action that acknowledges it."""
