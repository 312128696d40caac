"""The PDF of a version: from its sheet alone, so that the same sheet gives the same bytes."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from evidence.printing.making import digest_of, file_of
from evidence.printing.printer import STYLE as PAPER
from evidence.printing.printer import Enclosure, make_pdf
from evidence.printing.words import Clock
from policies.models import PolicyVersion
from tenancy.models import current_organization
from ui.markdown import render
from ui.values import spelled

FORMAT = "plumbline.policy-version/1"
STYLE = Path(__file__).with_name("paper.css")
Sheet = dict[str, Any]


def sheet_of(version: PolicyVersion) -> Sheet:
    """What it says, who approved it and from when it holds, as plain values; "" is none. Load its policy, author and file."""
    organization, policy = current_organization(), version.policy
    moments = [version.published_at, version.approved_at, version.submitted_at, version.begun_at]
    return {
        "format": FORMAT,
        "organization": organization.name,
        "zone": organization.zone,
        "number": policy.reference,
        "title": version.title,
        "kind": policy.get_kind_display(),
        "owner": policy.owner.name if policy.owner else "",
        "version": version.number,
        "status": version.get_status_display(),
        "isFinal": version.status in {PolicyVersion.Status.PUBLISHED, PolicyVersion.Status.SUPERSEDED},
        "author": version.author.name,
        "change": version.change_note,
        "text": version.text,
        "hash": version.content_hash,
        "effective": _day(version.effective_on),
        "ended": _day(version.ended_on),
        "approvals": [
            {"by": one.approver_name, "on": _day(one.given_on), "source": one.get_source_display()}
            for one in version.approvals.filter(status="given")
        ],
        "asOf": next(one for one in moments if one is not None).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def version_pdf(sheet: Sheet) -> bytes:
    """The PDF with the sheet attached. Takes seconds; raises PrintingFailed."""
    enclosure = Enclosure(f"{sheet['number']}-{sheet['version']}.json", "The data this document was printed from", file_of(sheet))
    return make_pdf(version_html(sheet), made_at=sheet["asOf"], enclosures=[enclosure])


def version_html(sheet: Sheet) -> str:
    """The version as one self-contained HTML page."""
    style = PAPER.read_text(encoding="utf-8") + STYLE.read_text(encoding="utf-8")
    context = {
        "data": sheet,
        "digest": digest_of(sheet),
        "as_of": Clock(sheet["zone"]).moment(sheet["asOf"]),
        "html": render(sheet["text"]),
        "facts": list(_facts(sheet)),
        "style": mark_safe(style),  # noqa: S308 - our own files
    }
    return render_to_string("policies/version_pdf.html", context)


def _facts(sheet: Sheet) -> list[tuple[str, str]]:
    held = _words(sheet["effective"]) + (f" until {_words(sheet['ended'])}" if sheet["ended"] else "")
    approved = "; ".join(f"{one['by']}, {_words(one['on'])}" for one in sheet["approvals"])
    facts = [("Owner", sheet["owner"]), ("In force from", held), ("Approved by", approved), ("Written by", sheet["author"])]
    said = [("What is different", sheet["change"])] if sheet["change"] else []
    return [*((label, value or "None") for label, value in facts), *said]


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _words(day: str) -> str:
    return spelled(dt.date.fromisoformat(day)) if day else ""
