"""The places of the left rail. Each app registers its own in AppConfig.ready()."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString

GROUPS = {
    "home": "",
    "access": "Access",
    "changes": "Changes",
    "incidents": "Incidents & uptime",
    "controls": "Controls & evidence",
    "policies": "Policies & training",
    "vendors": "Vendors & risk",
    "audit": "Audit & reports",
    "settings": "Settings",
}


@dataclass(frozen=True)
class Place:
    group: str
    label: str
    url_name: str
    permission: str | None
    order: int
    covers: str = ""
    more: bool = False
    brief: bool = False


@dataclass(frozen=True)
class Link:
    """A place as one person sees it on one page."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Group:
    """Places of one kind; those of `more` are folded away until somebody is in one of the group's."""

    key: str
    label: str
    links: tuple[Link, ...]
    more: tuple[Link, ...] = ()

    @property
    def is_current(self) -> bool:
        """Whether the page belongs to one of its places."""
        return any(link.current for link in (*self.links, *self.more))


@dataclass(frozen=True)
class Chooser:
    """A choice in the header that the whole page follows, such as the audit period: what is chosen now, and the others."""

    label: str
    chosen: str
    links: tuple[Link, ...]


@dataclass
class Header:
    """What the header shows besides the person: where my work is, how much, where search is."""

    work_url: str = ""
    work_count: Callable[[HttpRequest], int | None] | None = None
    count_url: str = ""
    search_url: str | None = None


@dataclass
class Registry:
    places: list[Place] = field(default_factory=list)
    header: Header = field(default_factory=Header)
    choosers: dict[str, Callable[[HttpRequest], Chooser | None]] = field(default_factory=dict)
    in_brief: Callable[[Any], bool] = lambda _member: False


registry = Registry()


def register_place(
    group: str,
    label: str,
    url_name: str,
    permission: str | None,
    order: int = 100,
    *,
    covers: str = "",
    more: bool = False,
    brief: bool = False,
) -> None:
    """Add a place to a group of GROUPS. `permission` None means every member.

    `covers` names a URL under which it is the current place too, for those who have no place that is nearer. `more` folds
    away what is seldom needed: settings, and what leads on from another place. `brief` places are those of people who read
    results, see `register_in_brief`.
    Raises KeyError for an unknown group. Registering a URL name twice replaces it.
    """
    if group not in GROUPS:
        raise KeyError(group)
    place = Place(group, label, url_name, permission, order, covers, more, brief)
    registry.places = [p for p in registry.places if p.url_name != url_name] + [place]


def register_in_brief(predicate: Callable[[Any], bool]) -> None:
    """Say which members see the brief places first, and everything else that they may use folded away below."""
    registry.in_brief = predicate


def register_header(
    *,
    work_url: str,
    work_count: Callable[[HttpRequest], int | None] | None = None,
    count_url: str = "",
    search_url: str | None = None,
) -> None:
    """Name the page of my work, the number beside it and the search page (URL names).

    `work_count` may give None for a number that is not at hand: the page then asks `count_url` for it once it stands.
    """
    registry.header = Header(work_url, work_count, count_url, search_url)


def register_chooser(name: str, chooser: Callable[[HttpRequest], Chooser | None]) -> None:
    """Put a choice into the header. The function is called when the page is drawn; None where the page does not follow it."""
    registry.choosers[name] = chooser


def choosers_for(request: HttpRequest) -> list[Chooser]:
    """The choices that this page follows."""
    if getattr(request, "member", None) is None:
        return []
    return [found for chooser in registry.choosers.values() if (found := chooser(request)) is not None]


def groups_for(request: HttpRequest) -> tuple[Group, ...]:
    """The groups and places this member may use, in the order of GROUPS, none empty."""
    member = getattr(request, "member", None)
    if member is None:
        return ()
    allowed = tuple(p for p in registry.places if p.permission is None or member.may_open(p.permission, p.url_name))
    urls = _urls(get_script_prefix(), tuple(place.url_name for place in allowed))
    here = _current(request.path, urls) or next(
        (p.url_name for p in allowed if p.covers and request.path.startswith(reverse(p.covers))), ""
    )
    return _groups(get_script_prefix(), allowed, here, brief=registry.in_brief(member))


@lru_cache(maxsize=1_000)
def drawn(groups: tuple[Group, ...]) -> SafeString:
    """The places as HTML. Kept, as people see few rails and every page has one."""
    return render_to_string("ui/places.html", {"rail": groups})


@lru_cache(maxsize=1_000)
def _groups(prefix: str, allowed: tuple[Place, ...], here: str, *, brief: bool) -> tuple[Group, ...]:
    urls = _urls(prefix, tuple(place.url_name for place in allowed))
    groups, rest = [], []
    for key, label in GROUPS.items():
        places = sorted((p for p in allowed if p.group == key), key=lambda p: (p.order, p.label))
        links = {p: Link(p.label, urls[p.url_name], p.url_name == here) for p in places}
        if brief:
            rest += [link for place, link in links.items() if not place.brief]
            links = {place: link for place, link in links.items() if place.brief}
        shown = tuple(link for place, link in links.items() if not place.more)
        if links:
            folded = tuple(link for place, link in links.items() if place.more)
            groups.append(Group(key, label, shown, folded) if shown else Group(key, label, folded))
    return (*groups, Group("rest", "", (), tuple(rest))) if rest else tuple(groups)


@lru_cache(maxsize=1_000)
def _urls(_prefix: str, names: tuple[str, ...]) -> Mapping[str, str]:
    """The addresses of places under a script prefix, which is an organization's."""
    return {name: reverse(name) for name in names}


def _current(path: str, urls: Mapping[str, str]) -> str:
    """The place whose address is the longest that the page's address starts with; the start page is only itself."""
    start = reverse(registry.header.work_url) if registry.header.work_url else None
    under = [name for name, url in urls.items() if (path == url if url == start else path.startswith(url))]
    return max(under, key=lambda name: len(urls[name]), default="")
