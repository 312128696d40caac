"""The part of everything that roles hold: one of the organization's own, and a conflict of duty that somebody answers for."""

import datetime as dt

from accounts.actions import create_role
from accounts.giving import Answer
from accounts.models import Member


def make_roles(manager: Member, word: str) -> None:
    """Call within the organization's scope."""
    until = manager.organization.today() + dt.timedelta(days=30)
    grants = ["changes.write", "changes.approve"]
    create_role(name=word, description=word, grants=grants, actor=manager, answer=Answer(word, until))
