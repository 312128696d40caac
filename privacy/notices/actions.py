"""Notices by version, and consents to them."""

import datetime as dt
import hashlib
from typing import Any

from django.db.models import Max

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from controls.catalogue.drafts import tidy
from privacy.models import Consent, InUse, Notice, NoticeVersion
from privacy.rights import WRITE
from privacy.writing import authorise, edit, keep, move
from tenancy.scope import now
from ui.refusals import ActionRefused

Status = NoticeVersion.Status
HOW = ("version", "purpose", "how", "given_at")  # what the trail repeats of a consent: never whose it is


@action
def write_version(notice: Notice, *, actor: Actor, text: str, changed: str = "") -> NoticeVersion:
    """Write the next version as a draft. Raises ActionRefused."""
    authorise(actor, WRITE)
    locked = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if locked.status != InUse.ACTIVE:
        raise ActionRefused(f"{locked} is retired.")
    if locked.versions.filter(status=Status.DRAFT).exists():
        raise ActionRefused("There is a draft already: change that one.")
    number = (locked.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = NoticeVersion(
        notice=locked, number=number, text=tidy(text), changed=changed.strip(), written_at=now(),
        written_by=actor if isinstance(actor, Member) else None,
    )  # fmt: skip
    return keep(version, "notice_version.write", actor=actor, permission=WRITE, fields=("number", "changed"))


def edit_version(version: NoticeVersion, *, actor: Actor, **facts: Any) -> NoticeVersion:
    """Change a draft. Raises ActionRefused."""
    if version.refreshed().status != Status.DRAFT:
        raise ActionRefused("It is published: write the next version.")
    if "text" in facts:
        facts["text"] = tidy(facts["text"])
    return edit(version, "notice_version.edit", actor=actor, permission=WRITE, fields=facts)


@action
def publish_version(version: NoticeVersion, *, actor: Actor, in_force_from: dt.date) -> NoticeVersion:
    """Publish a draft: from then on its text is what people are told, and stays as it is. Raises ActionRefused."""
    before = NoticeVersion.objects.filter(notice=version.notice_id, status=Status.PUBLISHED).order_by("-number").first()
    if before is not None and before.in_force_from and in_force_from < before.in_force_from:
        raise ActionRefused(f"{before} is in force from a later day.", field="in_force_from")
    locked = NoticeVersion.objects.select_for_update(of=("self",)).select_related("notice").get(pk=version.pk)
    return move(
        locked, NoticeVersion.PUBLISH, actor=actor, in_force_from=in_force_from, published_at=now(),
        published_by=actor if isinstance(actor, Member) else None, sha256=hashlib.sha256(locked.text.encode()).hexdigest(),
    )  # fmt: skip


@action
def record_consent(
    *, actor: Actor, version: NoticeVersion, name: str, email: str, purpose: str, how: str, given_at: dt.datetime, note: str = ""
) -> Consent:
    """Record that somebody agreed, having read a published version. Raises ActionRefused."""
    if version.status != Status.PUBLISHED:
        raise ActionRefused("Nobody can have agreed to a draft.", field="version")
    if given_at > now():
        raise ActionRefused("Not after now.", field="given_at")
    consent = Consent(
        version=version, name=name.strip(), email=email.strip().lower(), purpose=purpose.strip(), how=how.strip(),
        given_at=given_at, note=note,
    )  # fmt: skip
    return keep(consent, "consent.record", actor=actor, permission=WRITE, fields=HOW)


@action
def withdraw_consent(consent: Consent, *, actor: Actor, reason: str) -> Consent:
    """Note that it was withdrawn: what was done until then stays lawful (Article 7(3) of the GDPR). Raises ActionRefused."""
    return move(consent, Consent.WITHDRAW, actor=actor, note=reason, withdrawn_at=max(now(), consent.given_at))
