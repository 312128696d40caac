"""Finding evidence by the beginnings of its words, by an index that works behind row-level security.

LIKE is not leakproof, so no index serves it there; comparing text is. Each item has its words in rows of their own.
"""

from django.db.models import QuerySet

from evidence.models import Evidence, EvidenceWord
from ui.words import AFTER, LONGEST, words_of

MOST = 200
TAG = "#"


def learn(evidence: Evidence) -> None:
    """Keep the words of an item: its number, title, source, file name, hash and tags; a tag also as it is, behind `#`."""
    texts = [evidence.reference, evidence.file.sha256, evidence.title, evidence.source, evidence.file.name, *evidence.tags]
    found = dict.fromkeys([TAG + tag for tag in evidence.tags])
    found |= dict.fromkeys(words_of(texts))
    wanted = list(found)[:MOST]
    known = set(EvidenceWord.objects.filter(evidence=evidence).values_list("word", flat=True))
    if gone := known - set(wanted):
        EvidenceWord.objects.filter(evidence=evidence, word__in=gone).delete()
    EvidenceWord.objects.bulk_create(EvidenceWord(evidence=evidence, word=word) for word in wanted if word not in known)


def having(items: QuerySet[Evidence], text: str) -> QuerySet[Evidence]:
    """Those of `items` in which every word of `text` begins a word."""
    for chunk in text.casefold().split():
        begins = chunk[:LONGEST]
        found = EvidenceWord.objects.filter(word__gte=begins, word__lt=begins + AFTER)
        items = items.filter(pk__in=found.values("evidence_id"))
    return items


def tagged(tag: str) -> QuerySet[EvidenceWord]:
    """The words that are this tag."""
    return EvidenceWord.objects.filter(word=TAG + tag)
