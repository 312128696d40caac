"""Incidents in the API."""

from incidents.lifecycle.api import LifecycleApi


class IncidentApi(LifecycleApi):
    """Incidents."""
