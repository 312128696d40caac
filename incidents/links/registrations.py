"""What incidents can be linked to of the layers below, and the place of links on the page."""

from typing import Any

from django.db.models import QuerySet

from controls.models import Control, Finding
from incidents.links.actions import FINDING, INCIDENT
from incidents.links.page import links_of
from incidents.links.registry import Kind, register_link
from incidents.rights import visible_to
from incidents.slots import register_slot


def register() -> None:
    """Fill the registries."""
    register_link(Kind(FINDING, "Finding", "reference", _findings))
    register_link(Kind("control", "Control", "code", _controls))
    register_link(Kind(INCIDENT, "Incident", "reference", visible_to))
    register_slot("side", "incidents/links.html", links_of, order=40)


def _findings(member: Any) -> QuerySet[Finding]:
    return Finding.objects.all() if member.can("findings.read") else Finding.objects.filter(owner__member=member.pk)


def _controls(member: Any) -> QuerySet[Control]:
    return Control.objects.all() if member.can("controls.read") else Control.objects.none()
