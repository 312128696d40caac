"""Whether two who act are one human: a member, a person of the roster, an author of commits, or several of these at once."""

from collections.abc import Iterable

from changes.models import ChangeCommit
from inventory.people.identity import NOBODY, Who, addresses, together, who, who_acts, who_are

__all__ = ["NOBODY", "Who", "together", "who", "who_acts", "who_are", "wrote_some"]


def wrote_some(somebody: Who, commits: Iterable[ChangeCommit]) -> bool:
    """Whether one of the commits is by them: by the roster, or by the address or user name that the commit names."""
    for commit in commits:
        keys = addresses([commit.email, commit.author])
        if commit.person_id:
            keys.append(f"person:{commit.person_id}")
        if not somebody.keys.isdisjoint(keys):
            return True
    return False
