"""Larkfield's policies: nine from the starters in force, one in review, one that waits for its day, a draft that was returned,
and the security policy, brought in as a document with its minutes and past its review.
"""

import datetime as dt
import io
import uuid
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from controls.models import Control, ControlEvidence
from controls.models.control import Leg
from example.dates import Calendar
from example.roster import DOMAIN
from inventory.models import Person
from policies.importing.actions import Approved, import_policy
from policies.library.actions import take_starters
from policies.library.facts import facts, owners_by_role
from policies.library.starters import BY_KEY
from policies.models import Policy, PolicyVersion
from policies.publishing.actions import publish_version
from policies.register.actions import edit_policy
from policies.writing.actions import submit_version
from policies.writing.approving import approve_version, return_version

OLD = "information-security"
IN_FORCE = (
    "access-control", "acceptable-use", "change-management", "incident-response", "backup", "business-continuity",
    "vendor-management", "encryption", "vulnerability-management",
)  # fmt: skip
IN_REVIEW, AWAITING, RETURNED = "data-classification", "security-training", "risk-management"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)
_WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def write_policies(calendar: Calendar, members: Mapping[str, Member], *, manager: Member) -> None:
    """Take the starters, have them approved by others, and bring in the old one. They document what other documents do too."""
    nora, helen = (members[f"{who}@{DOMAIN}"] for who in ("nora.fischer", "helen.marsh"))
    made = {one.library_key: one for one in take_starters([*IN_FORCE, IN_REVIEW, AWAITING, RETURNED], actor=manager)}
    proven = set(ControlEvidence.objects.filter(leg=Leg.POLICY, status="linked").values_list("control", flat=True))
    for policy in made.values():
        _map(policy, proven, manager)
    versions = {key: submit_version(policy.versions.get(), actor=manager) for key, policy in made.items()}
    for key in (*IN_FORCE, AWAITING):
        approver = helen if key in {"business-continuity", AWAITING} else nora
        approve_version(versions[key], actor=approver, content_hash=versions[key].content_hash)
    for key in IN_FORCE:
        publish_version(versions[key], actor=manager, effective_on=calendar.today)
    publish_version(versions[AWAITING], actor=manager, effective_on=calendar.today + dt.timedelta(days=9))
    reason = "It does not say who decides between two owners who rate the same risk differently."
    return_version(versions[RETURNED], actor=helen, reason=reason)
    _bring_the_old_one(calendar, manager)


def _map(policy: Policy, proven: set[uuid.UUID], manager: Member) -> None:
    """To those controls of its own for which a document stands already: what is missing stays missing."""
    mapped = [row.control for row in policy.documents.select_related("control")]
    kept = [control for control in mapped if control.pk in proven]
    if len(kept) < len(mapped):
        edit_policy(policy, actor=manager, controls=kept)


def _bring_the_old_one(calendar: Calendar, manager: Member) -> PolicyVersion:
    """Approved by the chief executive 13 months ago; it should have been looked at a month ago."""
    starter, day = BY_KEY[OLD], calendar.today - dt.timedelta(days=395)
    policy = import_policy(
        actor=manager,
        title=starter.title,
        upload=SimpleUploadedFile("Information security policy.docx", docx(starter.text(facts(owners_by_role())))),
        minutes=SimpleUploadedFile("Minutes of the management.txt", _minutes(day).encode()),
        approved=Approved(["Helen Marsh"], day, day),
        owner=Person.objects.get(member=manager),
        criteria=list(starter.criteria),
        controls=list(Control.objects.filter(library_key="GOV-004")),
        note="As it was approved before policies were kept here.",
    )
    return policy.versions.get()


def _minutes(day: dt.date) -> str:
    return (
        f"Minutes of the management meeting of {day:%-d %B %Y}\n\nItem 3: the information security policy is approved as read.\n"
    )


def docx(text: str) -> bytes:
    """A text as a document of a word processor: a paragraph for each line."""
    paragraphs = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in text.splitlines())
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, xml in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _LINKS),
            ("word/document.xml", f'<w:document xmlns:w="{_WORDS}"><w:body>{paragraphs}</w:body></w:document>'),
        ):
            package.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{xml}')
    return written.getvalue()
