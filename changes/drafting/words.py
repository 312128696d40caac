"""Finding changes by the beginnings of words, by an index that works behind row-level security; evidence/words.py says why.

A change has the words of its number, title and repository in rows of their own. Who asked for it is looked up on the roster,
so that a new name finds old changes.
"""

from django.db.models import Count, Q, QuerySet

from changes.models import Change, ChangeWord
from evidence.words import MOST
from inventory.models import Person
from ui.words import AFTER, sought, words_of

FIELDS = frozenset({"reference", "title", "repository"})
MOST_SOUGHT = 10  # words of a search; more narrow nothing that these do not


def learn(change: Change) -> None:
    """Keep the words of a change; call it when one of FIELDS has changed."""
    wanted = list(dict.fromkeys(words_of(getattr(change, name) for name in sorted(FIELDS))))[:MOST]
    known = set(ChangeWord.objects.filter(change=change).values_list("word", flat=True))
    if gone := known - set(wanted):
        ChangeWord.objects.filter(change=change, word__in=gone).delete()
    ChangeWord.objects.bulk_create(ChangeWord(change=change, word=word) for word in wanted if word not in known)


def having(changes: QuerySet[Change], text: str) -> QuerySet[Change]:
    """Those of `changes` in which every word of `text` begins a word, or stands in the name of whoever asked for it."""
    chunks = sought(text, MOST_SOUGHT)
    for chunk, in_a_name in zip(chunks, _in_names(chunks), strict=True):
        found = ChangeWord.objects.filter(word__gte=chunk, word__lt=chunk + AFTER).values("change_id")
        if in_a_name:
            people = Person.objects.filter(name__icontains=chunk)
            found = found.union(Change.objects.filter(requester__in=people.values("pk")).values("pk"))
        changes = changes.filter(pk__in=found)
    return changes if chunks or not text.strip() else changes.none()


def _in_names(chunks: list[str]) -> list[bool]:
    """Of each, whether it stands in somebody's name; most do not, and leave the roster out of the search. One query."""
    if not chunks:
        return []
    counts = {f"found_{place}": Count("pk", filter=Q(name__icontains=chunk)) for place, chunk in enumerate(chunks)}
    known = Person.objects.order_by().aggregate(**counts)
    return [bool(known[name]) for name in counts]
