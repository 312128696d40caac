"""What stands at the head of a member's page although an area above knows of it: each registers what it has to say."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import Member


@dataclass(frozen=True, slots=True)
class Notice:
    """A title and a sentence about a member, and the page that it leads to."""

    title: str
    sentence: str
    url: str


Notices = Callable[[Member], Iterable[Notice]]
_registered: list[Notices] = []


def register_notices(notices: Notices) -> None:
    """Add what an area says of a member; call it from AppConfig.ready()."""
    if notices not in _registered:
        _registered.append(notices)


def notices_of(member: Member) -> list[Notice]:
    """Everything that stands on the member's page."""
    return [one for notices in _registered for one in notices(member)]
