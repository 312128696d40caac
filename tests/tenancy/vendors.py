"""The part of everything that vendors hold: one that is used, one that was asked for, a key, a review."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from controls.models import Control
from inventory.models import Person, System
from tests.cast import Cast
from vendors.documents.actions import add_document, add_duties, add_subservice
from vendors.keys.actions import note_key
from vendors.lifecycle.actions import approve, begin, use
from vendors.models import Vendor
from vendors.questionnaires.actions import keep_answers
from vendors.register.actions import request_vendor
from vendors.register.kept_views import KEPT
from vendors.reviewing.actions import review
from workflow.delegations.actions import hand_over
from workflow.kept_views import keep_view


def make_vendors(manager: Member, word: str) -> None:
    """Fill vendors; call within the organization's scope, after its systems and controls exist."""
    today = manager.organization.today()
    console = System.objects.filter(name__startswith=word)[0]
    answers: dict[str, Any] = {"data_shared": 3, "criticality": 2, "access": 1}
    owner = Person.objects.get(member=manager)
    vendor = request_vendor(
        actor=manager, owner=owner, name=word, service=word, systems=[console], subprocessors=[word], **answers
    )
    begin(vendor, actor=manager)
    said: dict[str, Any] = {"summary": word, "conclusion": "acceptable", "residual": "medium", "lowered_by": word}
    review(vendor, actor=manager, reviewed_on=today, controls=Control.objects.all()[:1], **said)
    approve(vendor, actor=Cast().of(manager.organization.slug, "approver"), reason=word)
    _show(vendor, manager, word)
    use(Vendor.objects.get(pk=vendor.pk), actor=manager, since=today)
    note_key(vendor, actor=manager, owner=owner, name=word, kept_in=word, rotated_on=today)
    hand_over(
        vendor, kind="vendor", actor=manager, guardian=Cast().of(manager.organization.slug, "reviewer"),
        until=today + dt.timedelta(days=7), reason=word,
    )  # fmt: skip
    request_vendor(actor=Cast().of(manager.organization.slug, "employee"), name=f"{word} two", service=word, **answers)
    keep_view(KEPT, actor=manager, name=word, query="state=in_use")


def _show(vendor: Vendor, manager: Member, word: str) -> None:
    """An agreement, a report with what it expects and whom it names, and answers."""
    today = manager.organization.today()
    begun = today - dt.timedelta(days=200)
    add_document(vendor, actor=manager, kind="dpa", file=_file(word, "dpa"), title=word, issued_on=begun)
    report = add_document(
        vendor, actor=manager, kind="soc2", file=_file(word, "soc2"), title=f"{word} report", issued_on=today,
        report_type="type_2", period_from=begun, period_to=today, opinion="unqualified", auditor=word,
    )  # fmt: skip
    add_duties(report, actor=manager, texts=[word])
    add_subservice(report, actor=manager, name=word, method="carve_out", expected=word)
    answers = SimpleUploadedFile("answers.csv", f"Question,Answer\n{word}?,No\n".encode())
    keep_answers(vendor, actor=manager, file=answers, answered_on=today, title=word)


def _file(word: str, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{name}.txt", f"{name} of {word}".encode())
