"""Search over every list at once. Apps register their lists in AppConfig.ready(); each searches its rows as on its own page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from ui.screens.table import TableScreen

SHOWN = 5  # rows of each list
SHORTEST, LONGEST = 2, 200
WORDS = 6  # each costs every list that is searched; who knows more of them finds by the first


@dataclass(frozen=True, slots=True)
class Searched:
    """A list that is searched: the name of its page, its screen, what a row is called, and its place among the others."""

    url_name: str
    screen: type[TableScreen]
    words: Callable[[Any], str]
    order: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found, or a way to go."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found in one list; `more` is the list itself, narrowed alike, where it has more."""

    title: str
    hits: Sequence[Hit]
    more: str = ""


_searched: dict[str, Searched] = {}


def register_search(url_name: str, screen: type[TableScreen], words: Callable[[Any], str] = str, *, order: int = 100) -> None:
    """Have a list searched with all others, by whoever may open it, in the rows that it shows them. Twice replaces it.

    `words` is what a row is called, its number first where it has one.
    """
    _searched[url_name] = Searched(url_name, screen, words, order)


def found_in(request: HttpRequest, text: str) -> list[Hits]:
    """What this member finds, list by list; one query for each list that they may open. Nothing for less than two signs."""
    text = tidy(text)
    if len(text) < SHORTEST:
        return []
    found = (_in_one(one, request, text) for one in _open_to(request))
    return [hits for hits in found if hits.hits]


def actions_for(request: HttpRequest) -> Iterator[Hit]:
    """What this member may begin: the first act of each list that they may open."""
    for one in _open_to(request):
        if action := _screen(one, request).frame()["primary_action"]:
            yield Hit(*action)


def tidy(text: str) -> str:
    """As it is searched for: its first six words, each once, not endlessly long, and without what no text holds."""
    words: dict[str, str] = {}
    for word in text.replace("\x00", "").strip()[:LONGEST].split():
        words.setdefault(word.casefold(), word)
    return " ".join([*words.values()][:WORDS])


def _open_to(request: HttpRequest) -> list[Searched]:
    member: Any = getattr(request, "member", None)
    if member is None:
        return []
    allowed = [one for one in _searched.values() if member.may_open(one.screen.permission, one.screen.__module__)]
    return sorted(allowed, key=lambda one: (one.order, one.url_name))


def _in_one(one: Searched, request: HttpRequest, text: str) -> Hits:
    screen, url = _screen(one, request), reverse(one.url_name)
    rows = list(screen.ordered(screen.search(screen.get_queryset(), text))[: SHOWN + 1])
    hits = [Hit(one.words(row), screen.row_url(row)) for row in rows[:SHOWN]]
    more = f"{url}?{urlencode({'q': text})}" if len(rows) > SHOWN else ""
    return Hits(screen.get_title(), hits, more)


def _screen(one: Searched, request: HttpRequest) -> TableScreen:
    screen = one.screen()
    screen.setup(request)
    return screen
