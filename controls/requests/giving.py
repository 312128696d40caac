"""What is given to a request, submitted, judged, and what happens to it when its evidence goes."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import F, Q, QuerySet

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.models import AuditRequest, RequestProof
from controls.requests.actions import locked, member_of, said
from controls.requests.mail import tell_asker, tell_assignee
from controls.requests.rights import authorise, why_not_judge
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence, Population, Sample
from tenancy.scope import now
from ui.refusals import ActionRefused

_FIELDS = {"evidence": "evidence", "population": "populations", "sample": "samples"}  # of the form, by the link's field
SUBMITTED = Q(request__submitted_at__isnull=False, linked_at__lte=F("request__submitted_at"))  # handed to the auditor
_CATEGORIES = {str(label).lower(): value for value, label in Evidence.Category.choices}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody gives: files, which become evidence, and what is here already."""

    files: Sequence["UploadedFile[Any]"] = ()
    evidence: Iterable[Evidence] = ()
    populations: Iterable[Population] = ()
    samples: Iterable[Sample] = ()


@action
def start(request: AuditRequest, *, actor: Actor) -> None:
    """Begin to work on it."""
    current = locked(request)
    authorise(actor, current)
    AuditRequest.START.apply(current, actor=actor)


@action
def supply(request: AuditRequest, *, actor: Actor, given: Given) -> list[RequestProof]:
    """Give something to it, before it is submitted; who gives has begun. Raises ActionRefused."""
    current = locked(request)
    authorise(actor, current)
    refuse_given(current)
    made = _supply(current, actor, given)
    if not made:
        raise ActionRefused("Choose at least one file or record.", field="files")
    if current.status in AuditRequest.START.sources:
        AuditRequest.START.apply(current, actor=actor)
    return made


@action
def take_away(proof: RequestProof, *, actor: Actor, reason: str) -> None:
    """Take away what was given, before it is submitted. The record itself stays."""
    current = locked(proof.request)
    authorise(actor, current)
    refuse_given(current)
    RequestProof.REMOVE.apply(proof, actor=actor, note=said(reason), metadata={"request": str(current), "given": proof.name})


@action
def submit(request: AuditRequest, *, actor: Actor, statement: str = "", given: Given | None = None) -> None:
    """Hand it to the auditor: something that counts is given, or a statement says why there is nothing. Raises ActionRefused."""
    current = locked(request)
    authorise(actor, current)
    AuditRequest.SUBMIT.check(current)
    _supply(current, actor, given or Given())
    if gone := list(withdrawn(current)):
        names = ", ".join(proof.name for proof in gone)
        raise ActionRefused(f"{names} was withdrawn since: take it away, or give something else in its place.", field="files")
    if not statement.strip() and not counting(current).exists():
        raise ActionRefused("Give evidence, a population or a sample, or state why there is none.", field="statement")
    AuditRequest.SUBMIT.apply(
        current,
        actor=actor,
        statement=statement.strip(),
        submitted_by=member_of(actor),
        submitted_at=now(),
        judged_by=None,
        judged_at=None,
        judgement="",
    )


@action
def take_back(request: AuditRequest, *, actor: Actor, reason: str) -> None:
    """Take back what was submitted, before the auditor has judged it."""
    current = locked(request)
    authorise(actor, current)
    AuditRequest.TAKE_BACK.apply(current, actor=actor, note=said(reason))


@action
def accept(request: AuditRequest, *, actor: Actor, note: str = "") -> None:
    """The auditor has what was asked for. Not by who submitted it."""
    current = _judging(request, actor)
    AuditRequest.ACCEPT.apply(current, actor=actor, judged_by=member_of(actor), judged_at=now(), judgement=note.strip())
    tell_assignee(current, key=f"{current.pk}:accepted:{now().isoformat()}", what="Accepted", words=note.strip(), actor=actor)


@action
def give_back(request: AuditRequest, *, actor: Actor, reason: str) -> None:
    """What was submitted does not answer it: back to the team, with the reason. Accepted ones too, when more is needed."""
    current = _judging(request, actor)
    AuditRequest.RETURN.apply(
        current,
        actor=actor,
        judged_by=member_of(actor),
        judged_at=now(),
        judgement=said(reason),
        times_returned=current.times_returned + 1,
    )
    tell_assignee(
        current, key=f"{current.pk}:returned:{current.times_returned}", what="Returned", words=reason.strip(), actor=actor
    )


def evidence_changed(evidence_ids: Collection[uuid.UUID], actor: Actor) -> None:
    """Evidence was withdrawn: what is submitted by it is in progress again, what was accepted stays and notes it.

    Called in the transaction that changed the items.
    """
    gone = RequestProof.objects.filter(
        evidence__in=evidence_ids, evidence__status=Evidence.Status.WITHDRAWN, status=RequestProof.Status.LINKED
    ).filter(Q(request__status=AuditRequest.Status.SUBMITTED) | Q(request__status=AuditRequest.Status.ACCEPTED))
    lost: dict[uuid.UUID, list[RequestProof]] = {}
    for proof in gone.select_related("evidence", "request").order_by("request_id", "pk"):
        lost.setdefault(proof.request_id, []).append(proof)
    for proofs in lost.values():
        _lose(proofs, actor)


@action
def _lose(proofs: Sequence[RequestProof], actor: Actor) -> None:
    request = locked(proofs[0].request)
    names = ", ".join(proof.name for proof in proofs)
    words = f"Withdrawn: {names}."
    if request.status == AuditRequest.Status.SUBMITTED:
        before = {"status": request.status}
        AuditRequest.objects.filter(pk=request.pk).update(status=AuditRequest.Status.IN_PROGRESS)
        after = {"status": AuditRequest.Status.IN_PROGRESS}
        record("audit_request.reopen", request, actor=actor, before=before, after=after, note=words)
        tell_assignee(request, key=f"{request.pk}:lost:{proofs[0].pk}", what="In progress again", words=words, actor=actor)
    else:
        record("audit_request.lose", request, actor=actor, note=words)
        tell_asker(request, key=f"{request.pk}:lost:{proofs[0].pk}", what="Evidence was withdrawn", words=words, actor=actor)


def linked(request: AuditRequest) -> Any:
    """What is given to a request now."""
    return RequestProof.objects.filter(request=request, status=RequestProof.Status.LINKED)


def seen_by(member: Member, rows: QuerySet[RequestProof]) -> QuerySet[RequestProof]:
    """Of what is given, what a member sees: those who only read and judge see what was there when it was last submitted."""
    return rows if member.can("occurrences.perform") else rows.filter(SUBMITTED)


def withdrawn(request: AuditRequest) -> Any:
    """What was given and has been withdrawn since."""
    return linked(request).filter(evidence__status=Evidence.Status.WITHDRAWN).select_related("evidence")


def counting(request: AuditRequest) -> Any:
    """What is given and answers something: current evidence, populations, samples."""
    return linked(request).exclude(~Q(evidence__status=Evidence.Status.CURRENT), evidence__isnull=False)


def refuse_given(request: AuditRequest) -> None:
    """Raise ActionRefused unless what is given may still change."""
    if request.is_with_team:
        return
    if request.status == AuditRequest.Status.SUBMITTED:
        raise ActionRefused(f"{request} is submitted: the auditor looks at it as it is. Take it back first.")
    raise ActionRefused(f"{request} is {request.get_status_display().lower()}: nothing is added to it now.")


def _judging(request: AuditRequest, actor: Actor) -> AuditRequest:
    """The request, for somebody who may judge it. Raises ActionRefused."""
    AuditRequest.ACCEPT.authorise(actor)
    current = locked(request)
    if refusal := why_not_judge(actor, current):
        raise ActionRefused(refusal)
    return current


def _supply(request: AuditRequest, actor: Actor, given: Given) -> list[RequestProof]:
    """Keep the files as evidence, and link all that is given."""
    items = [*given.evidence, *(_kept(request, upload, actor) for upload in given.files)]
    made = [_link(request, actor, evidence=_current(item)) for item in items]
    made += [_link(request, actor, population=_frozen(one)) for one in given.populations]
    return made + [_link(request, actor, sample=one) for one in given.samples]


def _kept(request: AuditRequest, upload: "UploadedFile[Any]", actor: Actor) -> Evidence:
    name = upload.name or "file"
    return add_evidence(
        title=f"{request.reference} {name}"[:200],
        category=_CATEGORIES.get(request.category.lower(), Evidence.Category.OTHER),
        description=f"Given to the auditor's request {request.reference}: {request.title}",
        file=store(upload, name),
        source=actor.name,
        collector=actor.name,
        subject=request,
        actor=actor,
        method=Evidence.Method.MANUAL,
    )


def _link(request: AuditRequest, actor: Actor, **what: Any) -> RequestProof:
    ((kind, one),) = what.items()
    if linked(request).filter(**what).exists():
        raise ActionRefused(f"“{one}” is given already.", field=_FIELDS[kind])
    proof = RequestProof.objects.create(request=request, linked_by=member_of(actor), **what)
    about = {"request": str(request), "given": proof.name}
    record("request_proof.link", proof, actor=actor, after=about)
    digest = proof.evidence.file.sha256 if proof.evidence else ""
    record("audit_request.supply", request, actor=actor, after={"given": proof.name, **({"sha256": digest} if digest else {})})
    return proof


def _current(item: Evidence) -> Evidence:
    current = Evidence.objects.select_for_update(of=("self",)).select_related("file").get(pk=item.pk)
    if current.status != Evidence.Status.CURRENT:
        raise ActionRefused(f"“{current}” is {current.get_status_display().lower()}: it proves nothing.", field="evidence")
    return current


def _frozen(population: Population) -> Population:
    if population.status != Population.Status.FROZEN:
        raise ActionRefused(f"{population} is not frozen: nothing can be drawn from it.", field="populations")
    return population
