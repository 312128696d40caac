"""Erasing a person: a pseudonym takes their place in the product's rows. The trail stays as it was hashed."""

import secrets
from collections.abc import Iterator

from django.db.models import Q

from accounts.sealed import saying
from audit.actions import action
from audit.actors import Actor
from audit.masking import mask_people
from audit.record import record
from audit.values import GONE
from privacy.models import Consent, LegalHold, SubjectRequest
from privacy.retention.holding import ERASURE, refuse_held
from privacy.rights import SUBJECTS
from privacy.subjects.holdings import named_in_trail, subject_of
from privacy.subjects.naming import names_of, take_names_out
from privacy.writing import authorise
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.erasing import address_of
from workflow.personal import Subject, erasers

_SAID = ("name", "email", "letter", "channel", "details", "answer", "identity_how", "relation", "extended_reason")
CONSENTS = "consents"  # as workflow.retention calls them
KEPT = (
    "What is kept: the audit trail, whose records stay as they were hashed and show the pseudonym on its pages; evidence, frozen "
    "populations and reports of audit periods; what was written once and never changes, such as the time line of an incident; "
    "accounts and access as systems showed them, on which access reviews stand; stored letters; and this request, as proof that "
    "it was answered. They are needed to fulfil legal obligations and to establish, exercise or defend legal claims (GDPR, "
    "Article 17(3)(b) and (e))."
)


@action
def erase(request: SubjectRequest, *, actor: Actor) -> list[str]:
    """Erase who asks, and say what was done, in sentences. A legal hold wins, whoever was first. Raises ActionRefused."""
    authorise(actor, SUBJECTS)
    locked = SubjectRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if locked.kind != SubjectRequest.Kind.ERASURE:
        raise ActionRefused("They did not ask for erasure.")
    if locked.status != SubjectRequest.Status.VERIFIED:
        raise ActionRefused("Check their identity first." if locked.is_pending else f"{locked} is over.")
    if locked.erased_at is not None:
        raise ActionRefused("They are erased already.")
    subject = subject_of(locked)
    if actor.id in subject.members:
        raise ActionRefused("Nobody erases themselves: somebody else answers this.")
    pseudonym = f"Erased person {secrets.token_hex(4)}"
    named, names = named_in_trail(subject), names_of(locked, subject)
    done = [sentence for eraser in erasers() for sentence in eraser(subject, pseudonym, actor)]
    mask_people(named, pseudonym)
    done += take_names_out(names, named, pseudonym, actor=actor)
    SubjectRequest.objects.filter(pk=locked.pk).update(erased_at=now(), names_out_at=now())
    record("subject_request.erase", locked, actor=actor, metadata={"pseudonym": pseudonym, "done": done})
    _refuse_held(subject)
    return [*done, KEPT]


def _refuse_held(subject: Subject) -> None:
    """The last step: nobody can place a hold from here to the commit. One about them keeps all of it, whatever its kind."""
    emails = sorted(subject.emails)
    refuse_held(ERASURE, *emails)
    refuse_held(CONSENTS, *emails)
    theirs = Q(*[("about__iexact", one) for one in emails], _connector=Q.OR)
    if held := LegalHold.objects.filter(theirs, status=LegalHold.Status.IN_FORCE).order_by("reference").first():
        raise ActionRefused(f"A legal hold covers this: {held}. Nothing was deleted.")


def erase_privacy(subject: Subject, pseudonym: str, actor: Actor) -> Iterator[str]:
    """Put the pseudonym into consents, into requests of theirs that are over, and into holds that were lifted."""
    theirs = Q(*[("email__iexact", one) for one in sorted(subject.emails)], _connector=Q.OR)
    consents = list(Consent.objects.select_for_update(of=("self",)).filter(theirs).order_by("pk"))
    for one in consents:
        _erase_consent(one, pseudonym, actor)
    if consents:
        yield f"{len(consents):,} consents bear the pseudonym."
    asked = saying(SubjectRequest, "email", subject.emails) | Q(person__in=subject.people)
    requests = SubjectRequest.objects.select_for_update(of=("self",)).filter(asked)
    over = [one for one in requests.order_by("pk") if not one.is_pending]
    for request in over:
        forget(request, pseudonym, actor)
    if over:
        yield f"{len(over):,} earlier requests bear the pseudonym."
    about = Q(*[("about__iexact", one) for one in sorted(subject.emails)], _connector=Q.OR)
    holds = list(LegalHold.objects.select_for_update(of=("self",)).filter(about, status=LegalHold.Status.LIFTED).order_by("pk"))
    for hold in holds:
        _forget_hold(hold, pseudonym, actor)
    if holds:
        yield f"{len(holds):,} legal holds that were lifted bear the pseudonym."


@action
def _erase_consent(consent: Consent, pseudonym: str, actor: Actor) -> None:
    consent.name, consent.email, consent.note = pseudonym, address_of(pseudonym), ""
    consent.save(update_fields=["name", "email", "note"])
    record("consent.erase", consent, actor=actor)


@action
def _forget_hold(hold: LegalHold, pseudonym: str, actor: Actor) -> None:
    LegalHold.objects.filter(pk=hold.pk).update(about=address_of(pseudonym))
    record("legal_hold.forget", hold, actor=actor)


@action
def forget(request: SubjectRequest, pseudonym: str, actor: Actor) -> None:
    """Take who asked, and what was said, out of a request that is over. Part of a caller's action."""
    for task in request.tasks.order_by("pk"):
        task.title, task.outcome = GONE, ""
        task.save(update_fields=["title", "outcome"])
        record("request_task.forget", task, actor=actor)
    request.name, request.email, request.letter = pseudonym, address_of(pseudonym), None
    request.details = request.relation = ""
    request.channel = GONE
    request.answer, request.identity_how, request.extended_reason = (
        GONE if said else "" for said in (request.answer, request.identity_how, request.extended_reason)
    )
    request.save(update_fields=_SAID)
    record("subject_request.forget", request, actor=actor)
