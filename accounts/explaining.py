"""What somebody may do, and why: each permission with the roles that give it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.limits import within_areas
from accounts.models import Member
from accounts.models.role import own_roles
from accounts.permissions import PERMISSIONS, stronger
from accounts.presets import AREAS, area_of
from accounts.roles import ROLES, implies

_givers: list[Callable[[Member], "Iterable[Source]"]] = []


@dataclass(frozen=True, slots=True)
class Source:
    """What gives permissions: a role, or what an app above knows of. `url` leads to it."""

    name: str
    grants: frozenset[str]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Right:
    """One permission that somebody has, and why. `through` is the stronger permission that implies it, where one does."""

    key: str
    words: str
    sources: tuple[Source, ...]
    through: str = ""


def register_source(giver: Callable[[Member], Iterable[Source]]) -> None:
    """Name further sources of permissions than roles, such as a delegation; call it from AppConfig.ready()."""
    if giver not in _givers:
        _givers.append(giver)


def sources_of(member: Member) -> list[Source]:
    """The roles of a member, and what else gives them permissions; nothing of somebody who may not enter."""
    if not member.is_active:
        return []
    built_in = [Source(ROLES[key].name, ROLES[key].grants) for key in member.roles if key in ROLES]
    own = [Source(role.name, frozenset(role.grants), role.get_absolute_url()) for role in own_roles(member.roles)]
    return [*built_in, *own, *(source for giver in _givers for source in giver(member))]


def rights_of(member: Member) -> list[tuple[str, list[Right]]]:
    """Every permission that a member has, by area, each with what gives it; of an auditor's, what their areas leave."""
    sources, left = sources_of(member), within_areas(frozenset(PERMISSIONS), member.areas)
    areas: dict[str, list[Right]] = {name: [] for name in AREAS}
    for key, words in PERMISSIONS.items():
        giving = tuple(source for source in sources if implies(source.grants, key))
        if giving and key in left:
            areas[area_of(key)].append(Right(key, words, giving, _through(key, giving)))
    return [(name, rights) for name, rights in areas.items() if rights]


def _through(key: str, giving: Iterable[Source]) -> str:
    if any(key in source.grants for source in giving):
        return ""
    return next((strong for strong in stronger(key) if any(strong in source.grants for source in giving)), "")
