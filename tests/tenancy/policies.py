"""The part of everything that policies hold: one in force with its approval and PDF, who confirmed it, training, checks."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from audit.actions import action
from audit.record import record
from controls.findings.actions import raise_finding
from controls.models import Control
from evidence.models import Evidence, StoredFile
from inventory.models import Person
from policies.acknowledging.asking import close_campaign, put_rule, start_campaign
from policies.acknowledging.confirming import confirm
from policies.background.actions import put_rule as put_background_rule
from policies.background.actions import record_check, withdraw_check
from policies.exceptions.actions import approve_exception
from policies.models import AcknowledgementCampaign, AcknowledgementPaper, BackgroundGap, PolicyPaper, PolicyVersion
from policies.publishing.actions import publish_version
from policies.register.actions import create_policy
from policies.training.actions import record_training, withdraw_training
from policies.training.courses import create_course, retire_course
from policies.violations.actions import remedy_violation, report_violation
from policies.writing.actions import submit_version
from policies.writing.approving import approve_version
from tenancy.scope import now
from tests.cast import Cast
from tests.policies.making import asked

HASH = "0" * 64


def make_policies(manager: Member, word: str) -> None:
    """Fill policies; call within the organization's scope, after its controls and evidence exist."""
    controls = list(Control.objects.all()[:1])
    owner = Person.objects.get(member=manager)
    policy = create_policy(actor=manager, title=word, text=word, owner=owner, controls=controls)
    version = submit_version(policy.versions.get(), actor=manager)
    approver = Cast().of(manager.organization.slug, "approver")
    approve_version(version, actor=approver, content_hash=version.content_hash)
    publish_version(version, actor=manager)
    _print(version, manager, word)
    put_rule(policy, actor=manager, audience="everyone", departments=[], days=14, after_change=True, on_joining=True, yearly=True)
    start_campaign(version, actor=manager, due_on=manager.organization.today())
    close_campaign(AcknowledgementCampaign.objects.get(), actor=manager, reason=word)
    start_campaign(version, actor=manager, due_on=manager.organization.today())
    mine = AcknowledgementCampaign.objects.get(status="open").acknowledgements.get(person=owner)
    confirm(mine, actor=manager, content_hash=version.content_hash)
    AcknowledgementPaper.objects.create(acknowledgement=mine, digest=HASH, file=StoredFile.objects.all()[0], made_at=now())
    _train(manager, owner, word)
    _check(manager, owner, word)
    asked(policy, manager, what=word)
    approve_exception(asked(policy, manager, why=word), actor=approver, note=word)
    facts: dict[str, Any] = {"resource": word, "policy": policy, "person": owner, "description": word}
    report_violation(actor=manager, title=word, reported_as=word, rule=word, **facts)
    remedy_violation(report_violation(actor=manager, title=word, **facts), actor=manager, outcome=word)


def _train(manager: Member, owner: Person, word: str) -> None:
    today = manager.organization.today()
    course = create_course(actor=manager, name=word, about=word)
    retire_course(create_course(actor=manager, name=f"{word} of old"), actor=manager, reason=word)
    wrong = record_training(actor=manager, course=course, person=owner, completed_on=today, note=word)
    withdraw_training(wrong, actor=manager, reason=word)
    paper = SimpleUploadedFile(f"{word}.txt", word.encode())
    record_training(actor=manager, course=course, person=owner, completed_on=today, note=word, certificate=paper)


def _check(manager: Member, owner: Person, word: str) -> None:
    today = manager.organization.today()
    put_background_rule(actor=manager, since=today, contractors=True)
    facts: dict[str, Any] = {"person": owner, "checked_on": today, "provider": word, "outcome": "clear", "note": word}
    withdraw_check(record_check(actor=manager, **facts), actor=manager, reason=word)
    record_check(actor=manager, **facts)
    _gap(manager, owner, word)


@action
def _gap(manager: Member, owner: Person, word: str) -> None:
    today = manager.organization.today()
    finding = raise_finding(actor=manager, title=word, severity="low", source="other", risk=word, remediation=word)
    gap = BackgroundGap.objects.create(person=owner, finding=finding, access_on=today, found_on=today)
    record("background_gap.raise", gap, actor=manager)


@action
def _print(version: PolicyVersion, manager: Member, word: str) -> None:
    file, item = StoredFile.objects.all()[0], Evidence.objects.filter(title=word)[0]
    PolicyPaper.objects.create(version=version, digest=HASH, file=file, evidence=item, made_at=now())
    record("policy_version.print", version, actor=manager)
