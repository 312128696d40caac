"""The PDF of a review: from its sheet alone, so that the same sheet gives the same bytes."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from evidence.printing.making import digest_of, file_of
from evidence.printing.printer import STYLE as PAPER
from evidence.printing.printer import Enclosure, make_pdf
from evidence.printing.words import Clock, day, listed
from incidents.clocks.page import span
from incidents.models import IncidentReview
from incidents.reviewing.record import Record, content_of, instant, record_of
from tenancy.models import current_organization

FORMAT = "plumbline.incident-review/1"
STYLE = Path(__file__).with_name("paper.css")
_TEXTS = {
    "summary": "What happened",
    "root_cause": "Root cause",
    "went_well": "What went well",
    "went_badly": "What went badly",
}
_QUESTIONS = {
    "control_failed": ("Did a control fail?", "control_note"),
    "commitment_missed": ("Was a commitment missed?", "commitment_note"),
    "disclose": ("Is it disclosed in the system description?", "disclose_note"),
}
_ANSWERS = {"yes": "Yes", "no": "No", "": "Not answered"}
_TIMES = ("occurred", "detected", "acknowledged", "contained", "resolved", "closed")
# From which time to which the length of a stage runs.
_STAGES = (
    ("To detect", "occurred", "detected"),
    ("To acknowledge", "detected", "acknowledged"),
    ("To contain", "detected", "contained"),
    ("To resolve", "detected", "resolved"),
)


def sheet_of(review: IncidentReview, standing: Record | None = None) -> Record:
    """The review with the incident as it was submitted; a draft with the incident as it stands.

    Tasks and notices are as of `standing`, else as of its approval, or of its submission while it waits.
    """
    organization = current_organization()
    moments = [review.approved_at, review.submitted_at, review.begun_at]
    whole = review.record or record_of(review.incident)
    submitted = instant(review.submitted_at) if review.record else ""
    then = {"at": submitted, "tasks": whole["tasks"], "clocks": whole["clocks"]}
    return {
        "format": FORMAT,
        "organization": organization.name,
        "zone": organization.zone,
        "review": content_of(review, whole),
        "standing": standing or review.standing or then,
        "status": review.status,
        "hash": review.content_hash,
        "author": review.author.name,
        "submitted": {"by": review.submitted_by.name if review.submitted_by else "", "at": instant(review.submitted_at)},
        "approved": {"by": review.approved_by.name if review.approved_by else "", "at": instant(review.approved_at)},
        "asOf": instant(next(one for one in moments if one is not None)),
    }


def review_pdf(sheet: Record) -> bytes:
    """The PDF with the sheet attached. Takes seconds; raises PrintingFailed."""
    reference = sheet["review"]["incident"]["reference"]
    enclosure = Enclosure(f"{reference}-review.json", "The data this document was printed from", file_of(sheet))
    return make_pdf(review_html(sheet), made_at=sheet["asOf"], enclosures=[enclosure])


def review_html(sheet: Record) -> str:
    """The review as one self-contained HTML page."""
    style = PAPER.read_text(encoding="utf-8") + STYLE.read_text(encoding="utf-8")
    return render_to_string("incidents/review_pdf.html", {**context_of(sheet), "style": mark_safe(style)})  # noqa: S308 - our own files


def context_of(sheet: Record) -> dict[str, Any]:
    """What the templates draw, on paper and on the screen."""
    review, clock = sheet["review"], Clock(sheet["zone"])
    incident, texts, standing = review["incident"], review["texts"], sheet["standing"]
    return {
        "data": sheet,
        "review": review,
        "incident": incident,
        "digest": digest_of(sheet),
        "as_of": _as_of(sheet, clock),
        "standing_as_of": _standing_as_of(sheet, clock),
        "submitted_as_of": clock.moment(sheet["submitted"]["at"]) if sheet["hash"] else "",
        "under": f"{incident['severity']} · {incident['kind']} · {', '.join(incident['systems']) or 'No system named'}",
        "status": _status(sheet, clock),
        "figures": _figures(incident, clock),
        "stages": _stages(incident),
        "texts": _texts(incident, texts),
        "questions": [_question(name, review) for name in _QUESTIONS],
        "measures": [_task(one) for one in standing["tasks"] if one["kind"] == "preventive"],
        "tasks": [_task(one) for one in standing["tasks"] if one["kind"] != "preventive"],
        "clocks": [_clock(one, clock) for one in standing["clocks"]],
        "timeline": [(one, clock.moment(one["at"])) for one in incident["timeline"]],
        "recorded": [
            (one, clock.moment(one["at"]) or "Withdrawn", clock.moment(one["recordedAt"])) for one in incident["timesRecorded"]
        ],
    }


def _texts(incident: Record, texts: Record) -> list[tuple[str, str]]:
    """What somebody wrote, and how it was resolved."""
    said = {**{label: texts[name] for name, label in _TEXTS.items()}, "How it was resolved": incident["resolution"]}
    order = ["What happened", "Root cause", "How it was resolved", "What went well", "What went badly"]
    return [(label, said[label]) for label in order if said[label]]


def _as_of(sheet: Record, clock: Clock) -> str:
    """As of when the incident is told: that of a draft goes on."""
    return (
        f"as submitted {clock.moment(sheet['submitted']['at'])}" if sheet["hash"] else "a draft, as it stood when this was made"
    )


def _standing_as_of(sheet: Record, clock: Clock) -> str:
    """As of when tasks and notices are told."""
    at = sheet["standing"]["at"]
    if not at:
        return "As they stood when this was made."
    which = ", when it was approved" if at == sheet["approved"]["at"] else ""
    which = which or (", when it was submitted" if at == sheet["submitted"]["at"] else "")
    return f"As of {clock.moment(at)}{which}."


def _status(sheet: Record, clock: Clock) -> str:
    """Who wrote and who approved it, in a sentence or two."""
    submitted, approved = sheet["submitted"], sheet["approved"]
    if approved["at"]:
        return f"{sheet['author']} wrote this review; {approved['by']} approved it on {clock.moment(approved['at'])}."
    if submitted["at"] and sheet["status"] == IncidentReview.Status.SUBMITTED:
        return f"{sheet['author']} wrote this review. It waits for approval since {clock.moment(submitted['at'])}."
    return f"A draft by {sheet['author']}: nobody has approved it."


def _figures(incident: Record, clock: Clock) -> list[tuple[str, str, str]]:
    """The table of the first page: when was what, and who recorded it."""
    by = {one["what"].lower(): one["by"] for one in incident["timesRecorded"]}
    corrected = {one["what"].lower() for one in incident["timesRecorded"] if one["reason"]}
    rows = []
    for what in _TIMES:
        at = incident["times"][what]
        who = f"recorded by {by[what]}" if at and what in by else ""
        rows.append((what.capitalize(), clock.moment(at) or "Not recorded", f"{who}{', corrected' if what in corrected else ''}"))
    return rows


def _stages(incident: Record) -> list[tuple[str, str]]:
    """How long each stage took; what is not recorded is said, never nought."""
    times = incident["times"]
    return [(label, _length(times[first], times[last])) for label, first, last in _STAGES]


def _length(first: str, last: str) -> str:
    if not (first and last):
        return "Not recorded"
    length = dt.datetime.fromisoformat(last) - dt.datetime.fromisoformat(first)
    return span(length) if length >= dt.timedelta(0) else "Before it"


def _question(name: str, review: Record) -> dict[str, str]:
    label, note = _QUESTIONS[name]
    which = listed(review["controls"]) if name == "control_failed" and review["controls"] else ""
    return {"label": label, "answer": _ANSWERS[review["answers"][name]], "note": review["texts"][note], "which": which}


def _task(one: Record) -> Record:
    return {**one, "due": day(one["due"])}


def _clock(one: Record, clock: Clock) -> Record:
    said = f"{one['whom']}, {clock.moment(one['notifiedAt'])}" if one["notifiedAt"] else one["reason"]
    return {**one, "due": clock.moment(one["due"]) or "Not running", "said": f"{said}{' (late)' if one['late'] else ''}"}
