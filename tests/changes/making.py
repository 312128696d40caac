"""Changes to try things on, made by the actions."""

from typing import Any

from accounts.models import Member
from changes.approving.giving import Shown
from changes.approving.ruling import create_rule
from changes.drafting.actions import create_change
from changes.drafting.risk import QUESTIONS
from changes.lifecycle import actions
from changes.models import ApprovalRule, Change
from inventory.models import Person, System
from inventory.systems.actions import create_system
from tenancy.scope import now

HARMLESS = {question.key: question.answers[0].key for question in QUESTIONS}
GRAVE = {**HARMLESS, "reach": "all"}


def a_system(actor: Member, name: str = "Billing", **fields: Any) -> System:
    """A system, made once."""
    return System.objects.filter(name=name).first() or create_system(actor=actor, name=name, **fields)


def person_of(member: Member) -> Person:
    """A member's row of the roster."""
    return Person.objects.get(member=member)


def a_draft(actor: Member, systems: list[System], **fields: Any) -> Change:
    """A normal change that says all that it has to."""
    said = {
        "title": "Larger database",
        "description": "Two cores more.",
        "rollback_plan": "Back to the old size.",
        "test_plan": "In staging.",
    }
    return create_change(actor=actor, systems=systems, **{"answers": HARMLESS, **said, **fields})


def submitted(actor: Member, systems: list[System], **fields: Any) -> Change:
    """The same, before its approvers."""
    return actions.submit(a_draft(actor, systems, **fields), actor=actor)


def approved(actor: Member, approver: Member, systems: list[System], **fields: Any) -> Change:
    """The same, approved by one who may."""
    change = submitted(actor, systems, **fields)
    shown = Shown("authenticator", now()) if change.risk == Change.Risk.HIGH else None
    actions.approve(change, actor=approver, content_hash=change.content_hash, factor=shown)
    return change


def a_rule(actor: Member, name: str = "Two of them", **fields: Any) -> ApprovalRule:
    """A rule in force."""
    return create_rule(actor=actor, name=name, **fields)
