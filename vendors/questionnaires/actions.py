"""Keeping answers of a vendor, and raising findings of those that are not good enough."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.findings.actions import raise_finding
from controls.models import Finding
from evidence.actions import add_evidence
from evidence.files import open_file, store
from evidence.models import Evidence
from tenancy.scope import now
from ui.refusals import ActionRefused
from vendors.lifecycle.actions import TAG
from vendors.models import QuestionnaireAnswer, Vendor, VendorQuestionnaire
from vendors.questionnaires.reading import read_answers
from vendors.questionnaires.scoring import score
from vendors.register.actions import locked_one, today
from vendors.rights import authorise, member_of

SEVERITY = {1: "low", 2: "medium", 3: "high"}  # by the weight of the question
FOLLOWED = frozenset({"not_met", "partly", "unclear"})


@action
def keep_answers(
    vendor: Vendor, *, actor: Actor, file: "UploadedFile[Any]", answered_on: dt.date, title: str = ""
) -> VendorQuestionnaire:
    """Keep a file of answers as evidence, read and score it. Raises ActionRefused."""
    authorise(actor, vendor)
    locked = locked_one(vendor)
    if answered_on > today():
        raise ActionRefused("Not after today.", field="answered_on")
    stored = store(file, file.name or "answers")
    with open_file(stored) as source:
        found = read_answers(source)
    name = title.strip() or f"Questionnaire of {answered_on:%-d %B %Y}"
    evidence = add_evidence(
        title=f"{locked.name}: {name}"[:190],
        category=Evidence.Category.VENDOR,
        file=stored,
        source=locked.name,
        collector=actor.name,
        subject=locked,
        actor=actor,
        method=Evidence.Method.MANUAL,
        tags=[TAG, "questionnaire"],
    )
    came = score((one.reading, one.weight) for one in found)
    made = VendorQuestionnaire(
        vendor=locked,
        title=name,
        evidence=evidence,
        answered_on=answered_on,
        score=came.percent,
        questions=came.questions,
        not_met=came.not_met,
        unclear=came.unclear,
        made_by=member_of(actor),
        made_at=now(),
    )
    made.save(force_insert=True)
    after = {"title": name, "score": came.percent, "questions": came.questions, "not met": came.not_met}
    record("vendor_questionnaire.keep", made, actor=actor, after=after, metadata={"vendor": str(locked)})
    QuestionnaireAnswer.objects.bulk_create(
        [
            QuestionnaireAnswer(
                questionnaire=made,
                place=place,
                section=one.section,
                question=one.question,
                answer=one.answer,
                comment=one.comment,
                weight=one.weight,
                reading=one.reading,
            )
            for place, one in enumerate(found, 1)
        ],
        batch_size=500,
    )
    return made


@action
def follow_answer(answer: QuestionnaireAnswer, *, actor: Actor) -> Finding:
    """Raise a finding of an answer that is not good enough; graver for a question of more weight. Raises ActionRefused."""
    authorise(actor, permission="findings.write")
    rows = QuestionnaireAnswer.objects.select_for_update(of=("self",)).select_related("questionnaire__vendor__owner", "finding")
    locked = rows.get(pk=answer.pk)
    if locked.finding is not None:
        raise ActionRefused(f"{locked.finding} was raised of it already.")
    if locked.reading not in FOLLOWED:
        raise ActionRefused(f"It is {locked.get_reading_display().lower()}: there is nothing to follow.")
    vendor = locked.questionnaire.vendor
    finding = raise_finding(
        actor=actor,
        title=f"{vendor.name}: {locked.question}"[:200],
        severity=SEVERITY[locked.weight],
        source=Finding.Source.OTHER,
        link=locked.questionnaire.get_absolute_url(),
        owner=vendor.owner,
        risk=f"Asked “{locked.question}”, {vendor.name} answered “{locked.answer or 'nothing'}”. {locked.comment}".strip(),
        remediation="Have it put right by the vendor, lower the risk by controls of ours, or stop using it.",
    )
    locked.finding = answer.finding = finding
    locked.save(update_fields=["finding"])
    record("vendor_answer.follow", locked, actor=actor, after={"finding": str(finding)})
    return finding
