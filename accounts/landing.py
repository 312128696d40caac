"""Where a member begins after signing in: the organization's home, unless an app above knows better."""

from collections.abc import Callable

from accounts.models import Member

_landings: list[Callable[[Member], str]] = []


def register_landing(landing: Callable[[Member], str]) -> None:
    """`landing` gives a path below the organization ("dashboard/"), or "" for no opinion; the first that has one counts."""
    if landing not in _landings:
        _landings.append(landing)


def landing_of(member: Member) -> str:
    """The page on which the member begins, from anywhere."""
    found = next((path for landing in _landings if (path := landing(member))), "")
    return f"{member.organization.get_absolute_url()}{found}"
