"""Who has acted, each once: what somebody did by their account alone stands with what they did as a member."""

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from django.db.models import Q

from ui.screens import Filter

Actors = Sequence[tuple[uuid.UUID, str]]
Members = Callable[[Collection[uuid.UUID]], Mapping[uuid.UUID, uuid.UUID]]
_members: list[Members] = []


def register_members(function: Members) -> Members:
    """`function(ids)` gives the member that each account among these ids is in the active organization: the app above."""
    _members[:] = [function]
    return function


def who_filter(actors: Actors) -> Filter:
    """The filter by who acted; `actors`: everybody who has, by id and name. Asks who is who only where a name stands twice."""
    names = Counter(name for _, name in actors)
    twice = [key for key, name in actors if names[name] > 1]
    member_of = _members[0](twice) if twice and _members else {}
    known = {key for key, _ in actors}
    same = {account: member for account, member in member_of.items() if member in known}
    choices = [(key, name) for key, name in actors if key not in same]
    ids = {key: [key, *(account for account, member in same.items() if member == key)] for key, _ in choices}
    return Filter("actor", "Who", choices=choices, where={str(key): Q(actor_id__in=them) for key, them in ids.items()})
