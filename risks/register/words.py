"""Finding risks by the beginnings of words, by an index that works behind row-level security; evidence/words.py says why."""

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from evidence.words import MOST
from inventory.models import Person
from risks.models import Risk, RiskWord
from ui.words import AFTER, sought, words_of

MOST_SOUGHT = 10  # words of a search; more narrow nothing that these do not


def learn(risks: Sequence[Risk]) -> None:
    """Keep the words of risks, of their number and statement; call it when one of these has changed."""
    known: dict[object, set[str]] = {risk.pk: set() for risk in risks}
    for key, word in RiskWord.objects.filter(risk__in=risks).values_list("risk", "word"):
        known[key].add(word)
    made: list[RiskWord] = []
    gone = Q()
    for risk in risks:
        wanted = list(dict.fromkeys(words_of([risk.reference, risk.statement])))[:MOST]
        if left := known[risk.pk] - set(wanted):
            gone |= Q(risk=risk, word__in=left)
        made += [RiskWord(risk=risk, word=word) for word in wanted if word not in known[risk.pk]]
    if gone:
        RiskWord.objects.filter(gone).delete()
    RiskWord.objects.bulk_create(made, batch_size=2000)


def having(risks: QuerySet[Risk], text: str) -> QuerySet[Risk]:
    """Those of `risks` in which every word of `text` begins a word, or stands in the name of whoever they are with."""
    chunks = sought(text, MOST_SOUGHT)
    named = set(_in_names(chunks))
    for chunk in chunks:
        found = RiskWord.objects.filter(word__gte=chunk, word__lt=chunk + AFTER).values("risk_id")
        if chunk in named:
            people = Person.objects.filter(name__icontains=chunk)
            found = found.union(Risk.objects.filter(owner__in=people.values("pk")).values("pk"))
        risks = risks.filter(pk__in=found)
    return risks if chunks or not text.strip() else risks.none()


def _in_names(chunks: Sequence[str]) -> Iterable[str]:
    """Those that stand in somebody's name; most do not, and leave the roster out of the search. One query."""
    if not chunks:
        return
    asked = Q()
    for chunk in chunks:
        asked |= Q(name__icontains=chunk)
    names = [name.casefold() for name in Person.objects.filter(asked).values_list("name", flat=True)]
    yield from (chunk for chunk in chunks if any(chunk in name for name in names))
