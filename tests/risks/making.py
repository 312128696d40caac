"""Risks of the cast, as people make them."""

from typing import Any

from accounts.models import Member
from inventory.models import Person
from risks.models import STEPS, Risk
from risks.register.actions import raise_risk, rate_risk
from risks.register.treating import treat

RATED = (4, 5, 2, 5, 1, 5)
ASSESSED = {"objectives": "Keep data safe.", "method": "Workshop.", "participants": "All leads."}


def person_of(member: Member) -> Person:
    """A member's row of the roster."""
    return Person.objects.get(member=member)


def steps(*said: int) -> dict[str, int]:
    """Likelihood and impact: inherent, residual, target."""
    return dict(zip(STEPS, said, strict=True))


def a_risk(actor: Member, owner: Member, *, category: str = "security", **facts: Any) -> Risk:
    """One that is with somebody and waits to be rated."""
    facts.setdefault("statement", f"Something of {category} goes wrong")
    return raise_risk(actor=actor, category=category, owner=person_of(owner), **facts)


def a_rated(actor: Member, owner: Member, *said: int, category: str = "security", **facts: Any) -> Risk:
    """One that is rated, and mitigated."""
    risk = a_risk(actor, owner, category=category, **facts)
    rate_risk(risk, actor=actor, reasoning="It happened to others.", **steps(*(said or RATED)))
    treat(risk, actor=actor, treatment="mitigate", plan="Watch it.")
    risk.refresh_from_db()
    return risk
