"""Whom a change waits for, to approve it: in words, the reader first."""

from changes.approving.rules import is_complete
from changes.lifecycle.standing import Asked, Position

NAMED = 4


def waits_for(position: Position) -> str:
    """Who may approve it, and how many still have to."""
    if not position.could:
        return "It waits for approval, and nobody here can give it: change the approval rules, or who has which role."
    if is_complete(position.standings):
        return f"It waits for one more approval, by {names(position.could)}: the rules have changed since the others."
    if position.given and all(one.is_author for one in position.given):
        return f"Only somebody who wrote some of it has approved it. It waits for {names(position.could)}."
    wanting = [one for one in position.asked if not one.standing.is_met]
    yours = "" if position.why_not_approve else " Read what will change, then approve or reject it."
    return f"It waits for {_and([_wanted(one, position.member.name) for one in wanting])}.{yours}"


def _wanted(one: Asked, reader: str) -> str:
    """Such as "an approval by you, Ann or Ben"; whoever reads it first."""
    number = one.standing.needed - one.standing.given
    what = "an approval" if number == 1 else f"{number} approvals"
    if not one.could:
        return f"{what} ({one.standing.name}) that nobody here can give"
    others = [name for name in one.could if name != reader]
    return f"{what} by {names(['you', *others] if reader in one.could else others)}"


def _and(several: list[str]) -> str:
    return ", and ".join([", ".join(several[:-1]), several[-1]]) if len(several) > 1 else several[0]


def names(several: list[str]) -> str:
    """Ann, Ben or Cem; the first few of many."""
    if len(several) > NAMED:
        return f"{', '.join(several[:NAMED])} or {len(several) - NAMED} others"
    return " or ".join([", ".join(several[:-1]), several[-1]]) if len(several) > 1 else several[0]
