"""Finding vendors by the beginnings of words, by an index that works behind row-level security; evidence/words.py says why."""

from collections.abc import Iterable

from django.db.models import QuerySet

from evidence.words import MOST
from ui.words import AFTER, sought, words_of
from vendors.models import Vendor, VendorWord

FIELDS = frozenset({"reference", "name", "service", "website"})
MOST_SOUGHT = 10


def _words(vendor: Vendor) -> list[str]:
    return list(dict.fromkeys(words_of(getattr(vendor, name) for name in sorted(FIELDS))))[:MOST]


def learn(vendor: Vendor) -> None:
    """Keep the words of a vendor; call it when one of FIELDS has changed."""
    wanted = _words(vendor)
    known = set(VendorWord.objects.filter(vendor=vendor).values_list("word", flat=True))
    if gone := known - set(wanted):
        VendorWord.objects.filter(vendor=vendor, word__in=gone).delete()
    VendorWord.objects.bulk_create(VendorWord(vendor=vendor, word=word) for word in wanted if word not in known)


def learn_new(vendors: Iterable[Vendor]) -> None:
    """Keep the words of vendors that are new."""
    words = [VendorWord(vendor=one, word=word) for one in vendors for word in _words(one)]
    VendorWord.objects.bulk_create(words, batch_size=2000)


def having(vendors: QuerySet[Vendor], text: str) -> QuerySet[Vendor]:
    """Those of `vendors` in which every word of `text` begins a word."""
    chunks = sought(text, MOST_SOUGHT)
    for chunk in chunks:
        found = VendorWord.objects.filter(word__gte=chunk, word__lt=chunk + AFTER)
        vendors = vendors.filter(pk__in=found.values("vendor_id"))
    return vendors if chunks or not text.strip() else vendors.none()
