"""What the audit binder finds of the register of risks, and of its annual assessment."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse

from controls.binder.documents import Document, Presence, of_all, register_documents
from controls.models import AuditPeriod
from evidence.printing.words import plural
from risks.assessing.due import YEAR, latest_approved
from risks.models import Category, Risk, RiskAssessment
from ui.values import spelled

_GRAVE = Q(residual_level__in=["high", "critical"])
_NEEDED = ((Category.FRAUD, "of fraud"), (Category.VENDOR, "of vendors"))


def register() -> None:
    """Put them on the shelf of the annual assessment."""
    register_documents("risk", documents)


def documents(_period: AuditPeriod, day: dt.date) -> Iterator[Document]:
    """The register and its assessment; nothing where nobody keeps a register here."""
    rows = Risk.objects.exclude(status=Risk.Status.CLOSED)
    known = rows.aggregate(
        whole=Count("pk"),
        rated=Count("pk", filter=Q(residual_score__gt=0)),
        late=Count("pk", filter=Q(next_review_on__lt=day)),
        grave=Count("pk", filter=_GRAVE),
        treated=Count("pk", filter=_GRAVE & ~Q(treatment="")),
        **{str(category): Count("pk", filter=Q(category=category)) for category, _ in _NEEDED},
    )
    if not known["whole"]:
        return
    yield _assessed(day)
    yield _categories(known)
    yield _register(known)
    if known["grave"]:
        note, url = f"{known['treated']:,} of {known['grave']:,} high or critical ones", f"{reverse('risks:list')}?view=grave"
        yield Document("Risks with a treatment", of_all(known["treated"], known["grave"]), note, url)


def _assessed(day: dt.date) -> Document:
    """Missing until somebody who did not prepare it has approved one; stale a year after the day of which it speaks."""
    name, last = "Assessment of the register, approved", latest_approved()
    if last is None or last.as_of is None:
        waits = RiskAssessment.objects.filter(status=RiskAssessment.Status.SUBMITTED).exists()
        note = "One waits for approval." if waits else "None was approved yet."
        return Document(name, Presence.MISSING, note, reverse("risks:assessment-list"))
    stale = last.as_of + YEAR < day
    return Document(
        name,
        Presence.STALE if stale else Presence.PRESENT,
        f"{last.reference}, as of {spelled(last.as_of)}.",
        last.get_absolute_url(),
    )


def _categories(known: dict[str, int]) -> Document:
    """At least one risk of fraud and one of a vendor."""
    lacking = [word for category, word in _NEEDED if not known[category]]
    note = f"None {' and none '.join(lacking)}" if lacking else ", ".join(f"{known[key]:,} {word}" for key, word in _NEEDED)
    presence = of_all(len(_NEEDED) - len(lacking), len(_NEEDED))
    return Document("Risks of fraud and of vendors in the register", presence, note, f"{reverse('risks:list')}?state=pending")


def _register(known: dict[str, int]) -> Document:
    """Rated whole, and looked at in time."""
    name, rated, whole, url = "Risks rated and reviewed", known["rated"], known["whole"], reverse("risks:list")
    if rated < whole:
        return Document(name, of_all(rated, whole), f"{rated:,} of {whole:,} are rated", f"{url}?view=unrated")
    if late := known["late"]:
        note = f"{plural(late, 'review is', 'reviews are')} overdue, of {whole:,}"
        return Document(name, Presence.STALE, note, f"{url}?view=overdue")
    return Document(name, Presence.PRESENT, f"{whole:,}, none overdue", f"{url}?state=pending")
