"""Writing documents of vendors, what a report expects of us, and whose controls it leans on."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.models import Control
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence
from inventory.models import Person
from tenancy.scope import now
from ui.refusals import ActionRefused
from vendors.assurance.windows import months_after
from vendors.documents.describing import follow_report
from vendors.keys.looks import refuse_keys
from vendors.lifecycle.actions import TAG, said
from vendors.models import DocumentDuty, DocumentSubservice, Vendor, VendorDocument
from vendors.register.actions import locked_one, today
from vendors.rights import authorise, member_of
from workflow.changes import change, differences, shown
from workflow.uniqueness import refusing_taken

FACTS = (
    "title", "issued_on", "expires_on", "report_type", "period_from", "period_to", "opinion", "auditor", "exceptions", "notes",
)  # fmt: skip
REPORT_FACTS = ("report_type", "period_from", "period_to", "opinion", "exceptions")
FURTHEST = 120  # months from now: no report or letter speaks of later days
Kind, Type = VendorDocument.Kind, VendorDocument.Type


@action
def add_document(vendor: Vendor, *, actor: Actor, kind: str, file: "UploadedFile[Any]", **facts: Any) -> VendorDocument:
    """Keep one, as it came. Raises ActionRefused for days that cannot be, and for a report that says too little."""
    authorise(actor, vendor)
    locked = locked_one(vendor)
    if locked.status == Vendor.Status.LEFT:
        raise ActionRefused(f"{locked} has left.")
    given = checked(kind, facts)
    evidence = add_evidence(
        title=f"{locked.name}: {given['title']}"[:190],
        category=Evidence.Category.VENDOR,
        file=store(file, file.name or "document"),
        source=locked.name,
        collector=actor.name,
        subject=locked,
        actor=actor,
        method=Evidence.Method.MANUAL,
        period_from=given.get("period_from"),
        period_to=given.get("period_to"),
        tags=[TAG, Kind(kind).label.lower()],
    )
    document = VendorDocument(vendor=locked, kind=kind, evidence=evidence, added_by=member_of(actor), added_at=now(), **given)
    document.save(force_insert=True)
    after = {name: shown(getattr(document, name)) for name in ("kind", *FACTS) if getattr(document, name)}
    record("vendor_document.add", document, actor=actor, after=after, metadata={"vendor": str(locked)})
    follow_report(locked, actor=actor)
    return document


@action
def edit_document(document: VendorDocument, *, actor: Actor, **facts: Any) -> VendorDocument:
    """Correct what is written about one. Its file stays as it came. Raises ActionRefused."""
    authorise(actor, document)
    current = _locked(document)
    _refuse_over(current)
    given = checked(current.kind, {**{name: getattr(current, name) for name in FACTS}, **facts})
    changed = change(current, "vendor_document.edit", actor=actor, fields=differences(current, given))
    follow_report(current.vendor, actor=actor)
    return changed


@action
def withdraw_document(document: VendorDocument, *, actor: Actor, reason: str) -> VendorDocument:
    """It counts no more, as it is wrong. One that a later one follows stays: it goes on speaking of its own days."""
    withdrawn = VendorDocument.WITHDRAW.apply(_locked(document), actor=actor, note=said(reason))
    follow_report(withdrawn.vendor, actor=actor)
    return withdrawn


def checked(kind: str, facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as they are kept for this kind. Raises ActionRefused."""
    given = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    given["title"] = given.get("title") or str(Kind(kind).label)
    refuse_keys(given)
    _check_days(given)
    if kind == Kind.SOC2:
        _check_report(given)
    elif kind == Kind.BRIDGE:
        _need(given, "period_from", "Say from which day the letter speaks.")
        _need(given, "period_to", "Say to which day the letter speaks.")
    if kind != Kind.SOC2:
        given |= {name: "" for name in ("report_type", "opinion") if name in given}
    return given


def _check_days(given: dict[str, Any]) -> None:
    if given["issued_on"] > today():
        raise ActionRefused("Not after today.", field="issued_on")
    if given.get("expires_on") and given["expires_on"] < given["issued_on"]:
        raise ActionRefused("It expires before it is issued.", field="expires_on")
    first, last = given.get("period_from"), given.get("period_to")
    if bool(first) != bool(last) and given.get("report_type") != Type.ONE:
        raise ActionRefused("Give both days.", field="period_to" if first else "period_from")
    if first and last and last < first:
        raise ActionRefused("It ends before it begins.", field="period_to")
    if last and last > months_after(today(), FURTHEST):
        raise ActionRefused("It speaks of days more than ten years from now.", field="period_to")


def _check_report(given: dict[str, Any]) -> None:
    _need(given, "report_type", "Say which type it is.")
    _need(given, "opinion", "Say what the auditor concluded.")
    if given["report_type"] == Type.ONE:  # of one day
        day = given.get("period_to") or given.get("period_from")
        if day is None:
            raise ActionRefused("Say of which day it speaks.", field="period_to")
        given |= {"period_from": day, "period_to": day}
    _need(given, "period_to", "Say which days it covers.")
    if given["period_to"] > given["issued_on"]:
        raise ActionRefused("It covers days after it was issued.", field="period_to")


def _need(given: dict[str, Any], name: str, sentence: str) -> None:
    if not given.get(name):
        raise ActionRefused(sentence, field=name)


@action
def add_duties(document: VendorDocument, *, actor: Actor, texts: list[str]) -> list[DocumentDuty]:
    """Write down what a report expects of us: complementary user-entity controls, one each. Raises ActionRefused."""
    authorise(actor, document)
    current = _locked(document)
    _refuse_over(current)
    _only_reports(current)
    refuse_keys({"texts": texts})
    there = list(current.duties.values_list("place", "text"))
    known, last = {text for _, text in there}, max((place for place, _ in there), default=0)
    fresh = [text for text in dict.fromkeys(texts) if text not in known]
    if not fresh:
        raise ActionRefused("These are there already.", field="texts")
    made = [DocumentDuty(document=current, place=last + at, text=text) for at, text in enumerate(fresh, 1)]
    DocumentDuty.objects.bulk_create(made)
    record("vendor_document.expect", current, actor=actor, after={"expected of us": fresh})
    return made


@action
def map_duty(duty: DocumentDuty, *, actor: Actor, control: Control, owner: Person | None = None) -> DocumentDuty:
    """Name the control of ours that does it, and who answers for that: the control's owner unless said otherwise."""
    answers = owner or control.owner
    if answers is None:
        raise ActionRefused(f"{control.code} has no owner: say who answers for it.", field="owner")
    return DocumentDuty.MAP.apply(duty, actor=actor, control=control, owner=answers, reason="")


@action
def spare_duty(duty: DocumentDuty, *, actor: Actor, reason: str) -> DocumentDuty:
    """Say why it is not needed here."""
    return DocumentDuty.SPARE.apply(duty, actor=actor, note=said(reason), control=None, owner=None, reason=reason.strip())


@action
def add_subservice(document: VendorDocument, *, actor: Actor, **facts: Any) -> DocumentSubservice:
    """Write down a subservice organization that a report names, and what is expected of it. Raises ActionRefused."""
    authorise(actor, document)
    current = _locked(document)
    _refuse_over(current)
    _only_reports(current)
    if facts.get("method") == DocumentSubservice.Method.CARVE_OUT and not str(facts.get("expected", "")).strip():
        raise ActionRefused("Its controls are not in the report: say which are expected of it.", field="expected")
    refuse_keys(facts)
    made = DocumentSubservice(document=current, **facts)
    with refusing_taken(DocumentSubservice):
        made.save(force_insert=True)
    record("vendor_document.name_subservice", current, actor=actor, after={name: shown(value) for name, value in facts.items()})
    return made


def _only_reports(document: VendorDocument) -> None:
    if document.kind != Kind.SOC2:
        raise ActionRefused("Only a SOC 2 report says this.")


def _refuse_over(document: VendorDocument) -> None:
    if document.status != VendorDocument.Status.CURRENT:
        raise ActionRefused(f"{document} is withdrawn.")


def _locked(document: VendorDocument) -> VendorDocument:
    return VendorDocument.objects.select_for_update(of=("self",)).select_related("vendor").get(pk=document.pk)


def is_expired(document: VendorDocument, day: dt.date) -> bool:
    """Whether it was over before the day."""
    return document.expires_on is not None and document.expires_on < day
