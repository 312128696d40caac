"""The PDF of a change: from its sheet alone, so that the same sheet gives the same bytes."""

from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from changes.deployments.coverage import CLEARED
from changes.models import Approval, Change, ChangeEvidence, Classification, Kind
from changes.models.deployment import Note, Reason
from changes.outputs.record import Record
from evidence.printing.making import digest_of, file_of
from evidence.printing.printer import STYLE as PAPER
from evidence.printing.printer import Enclosure, make_pdf
from evidence.printing.words import Clock, day, listed, plural

STYLE = Path(__file__).with_name("paper.css")
PIPELINE = "By the pipeline"
# What was put before the approvers, in the order in which an approver asks.
_SECTIONS = {
    "description": "What will change",
    "impact": "Who notices, and how",
    "rollback_plan": "How it is undone",
    "abort_criteria": "When it is stopped or undone",
    "test_plan": "How it is tested",
    "testing_evidence": "What the tests showed",
}
_REVIEW = {"effect": "What it did", "lessons": "What was learned"}
# How its review stands, where there is none: (what is printed, what to read with it).
_UNREVIEWED = {
    "awaited": ("Not yet", ""),
    "not needed": ("Not needed", "a request that went as approved"),
    "skipped": ("Not needed", "closed without a review"),
    "never": ("Not needed", "it was not carried out"),
}
_BESIDE = {"too_early": "before its window began", "too_late": "after its window had ended"}
_SOURCES = dict(Approval.Source.choices)


def change_pdf(sheet: Record) -> bytes:
    """The PDF with the sheet attached. Takes seconds; raises PrintingFailed."""
    reference = sheet["change"]["reference"]
    enclosure = Enclosure(f"{reference}.json", "The data this document was printed from", file_of(sheet))
    return make_pdf(change_html(sheet), made_at=sheet["asOf"], enclosures=[enclosure])


def change_html(sheet: Record) -> str:
    """The change as one self-contained HTML page."""
    style = PAPER.read_text(encoding="utf-8") + STYLE.read_text(encoding="utf-8")
    return render_to_string("changes/change_pdf.html", {**context_of(sheet), "style": mark_safe(style)})  # noqa: S308 - our own files


def context_of(sheet: Record) -> dict[str, Any]:
    """What the template draws."""
    change, clock = sheet["change"], Clock(sheet["zone"])
    return {
        "data": sheet,
        "change": change,
        "digest": digest_of(sheet),
        "as_of": clock.moment(sheet["asOf"]),
        "under": _under(change),
        "status": status_sentence(change, clock),
        "facts": _facts(change, clock),
        "against": _against(sheet),
        "questionnaire": [(one, _adds(one)) for one in change["questionnaire"].get("answers", [])],
        "template_until": day(change["template"]["expiresOn"]) if change["template"] else "",
        "texts": [(label, change["texts"][name]) for name, label in _SECTIONS.items() if change["texts"][name]],
        "review": [(label, change["texts"][name]) for name, label in _REVIEW.items() if change["texts"][name]],
        "outcome": dict(Change.Outcome.choices).get(change["outcome"], ""),
        "approvals": [_approval(one, clock) for one in change["approvals"]],
        "versions": [(one, clock.moment(one["at"])) for one in change["versions"]],
        "emergency": _emergency(change, clock) if change["type"] == Change.Type.EMERGENCY else None,
        "deployments": [_deployment(one, clock) for one in change["deployments"]],
        "evidence": [(one, dict(ChangeEvidence.Use.choices)[one["use"]]) for one in change["evidence"]],
        "kept": [(one, dict(Change.Status.choices)[one["stage"]], clock.moment(one["at"])) for one in sheet["kept"]],
        "comments": [(one, clock.moment(one["at"])) for one in sheet["comments"]],
        "activity": [(one, clock.moment(one["at"])) for one in sheet["activity"]],
    }


def _under(change: Record) -> str:
    """Type, kind, risk and systems in a line."""
    risk = dict(Change.Risk.choices).get(change["risk"])
    return " · ".join(
        one
        for one in (
            f"{dict(Change.Type.choices)[change['type']]} change",
            dict(Kind.choices)[change["kind"]],
            f"{risk} risk" if risk else "Risk not assessed",
            ", ".join(change["systems"]) or "No system named",
        )
        if one
    )


def status_sentence(change: Record, clock: Clock) -> str:
    """Where it stands, and whether it was approved before it was carried out, in a sentence or two."""
    return f"{_approved(change, clock)} {_stands(change, clock)}".strip()


def _approved(change: Record, clock: Clock) -> str:
    at, names = change["at"], listed(counted(change))
    if change["type"] == Change.Type.EMERGENCY:
        agreed = f"{change['people']['agreed_by']} agreed to this emergency by word on {clock.moment(at['agreed_at'])}."
        if change["disputed"]:
            agreed = f"{change['people']['objected_by']} was named as having agreed to this emergency by word, and did not."
        written = f"{names} approved it in writing on {clock.moment(at['written_at'])}." if at["written_at"] else ""
        return (
            f"{agreed} {written or 'Nobody has approved it in writing yet.'}" if at["agreed_at"] else "Nobody has agreed to it."
        )
    if not at["approved_at"]:
        return "It has not been approved."
    if change["type"] == Change.Type.STANDARD:
        return f"It was approved by its template, which {change['template'].get('approvedBy', '')} approved."
    return f"{names} approved it on {clock.moment(at['approved_at'])}."


def _stands(change: Record, clock: Clock) -> str:
    at = change["at"]
    if not at["implemented_at"]:
        return f"It is {dict(Change.Status.choices)[change['status']].lower()}."
    by = f" by {change['people']['implementer']}" if change["people"]["implementer"] else ""
    beside = f", {_BESIDE[change['besideWindow']]}," if change["besideWindow"] else ""
    done = f"It was carried out{by} on {clock.moment(at['implemented_at'])}{beside}"
    state = dict(Change.Status.choices)[change["status"]].lower()
    return f"{done.rstrip(',')}." if change["status"] == Change.Status.IMPLEMENTED else f"{done} and is {state}."


def counted(change: Record) -> list[str]:
    """Who approved what it says now."""
    return [one["by"] for one in given(change)]


def given(change: Record) -> list[Record]:
    """The approvals that are bound to what it says now."""
    return [
        one
        for one in change["approvals"]
        if (one["answer"], one["status"], one["hash"]) == ("approved", "given", change["contentHash"])
    ]


def _facts(change: Record, clock: Clock) -> list[tuple[str, str, str]]:
    """The table of the first page: a label, a value, and what to read with it."""
    at, people, deployments = change["at"], change["people"], change["deployments"]
    cleared = [one for one in deployments if one["class"] in CLEARED]
    before, on_word = len(cleared), sum(Note.ON_WORD in one["notes"] for one in cleared)
    word = f"{on_word:,} of them on the pipeline's word" if on_word else ""
    void = sum(one["status"] == Approval.Status.VOID for one in change["approvals"])
    rows = [
        ("Asked for by", people["requester"] or people["raised_by"], clock.moment(at["raised_at"])),
        ("Approvals of what it says now", f"{len(given(change)):,}", f"{plural(void, 'earlier one')} made void" if void else ""),
        ("Planned", clock.window(at["window_from"], at["window_until"]) or "No window set", ""),
        _carried_out(change, clock),
        ("Deployments approved beforehand", f"{before:,} of {len(deployments):,}" if deployments else "None reported", word),
        _reviewed(change, clock),
    ]
    return [row for row in rows if row[1]]


def _carried_out(change: Record, clock: Clock) -> tuple[str, str, str]:
    at, never = change["at"]["implemented_at"], change["reviewIs"] == "never"
    by = change["people"]["implementer"] or PIPELINE
    return ("Carried out", by if at else "No" if never else "Not yet", clock.moment(at))


def _reviewed(change: Record, clock: Clock) -> tuple[str, str, str]:
    if change["reviewIs"] == "done":
        return ("Reviewed", change["people"]["reviewed_by"] or "By a program", clock.moment(change["at"]["reviewed_at"]))
    value, note = _UNREVIEWED[change["reviewIs"]]
    due = f"due {day(change['reviewDueOn'])}" if change["reviewIs"] == "awaited" and change["reviewDueOn"] else note
    return ("Reviewed", value, due)


def _against(sheet: Record) -> dict[str, str]:
    """What the calendar had against the moment it was carried out at, and why it went ahead; {} where it had nothing."""
    said, beside = sheet["carriedOut"], sheet["change"]["besideWindow"]
    if not (said or beside):
        return {}
    title = "Outside of its window" if beside else "In a freeze"
    words = said.get("against") or f"It was carried out {_BESIDE[beside]}."
    return {"title": title, "words": words, "reason": said.get("reason", ""), "by": said.get("by", "")}


def _adds(answer: Record) -> str:
    """What an answer added to the level, in words."""
    if not answer["answer"]:
        return "Open"
    return plural(answer["points"], "point") if answer["points"] else "Nothing"


def _approval(one: Record, clock: Clock) -> dict[str, Any]:
    words = dict(Approval.Answer.choices)[one["answer"]]
    return {
        **one,
        "words": f"{words}, void" if one["status"] == Approval.Status.VOID else words,
        "when": clock.moment(one["at"]),
        "as": ", ".join(role.replace("_", " ") for role in one["roles"]),
        "how": f"second factor ({one['factor']}) shown {clock.moment(one['factorAt'])}"
        if one["factor"]
        else _SOURCES[one["source"]],
        "voided": clock.moment(one["voidedAt"]),
    }


def _emergency(change: Record, clock: Clock) -> list[tuple[str, str]]:
    at, people = change["at"], change["people"]
    return [
        ("Why it could not wait", change["texts"]["emergency_reason"]),
        ("Agreed by word", f"{people['agreed_by']}, {clock.moment(at['agreed_at'])}" if at["agreed_at"] else "Nobody"),
        *([_objection(change, clock)] if at["objected_at"] else []),
        ("Approval in writing due", clock.moment(at["written_due_at"]) or "Not yet"),
        ("Approved in writing", clock.moment(at["written_at"]) or "Not yet"),
    ]


def _objection(change: Record, clock: Clock) -> tuple[str, str]:
    said, when = change["texts"]["objection"], clock.moment(change["at"]["objected_at"])
    return "Did not agree", f"{change['people']['objected_by']}, {when}: {said}"


def _deployment(one: Record, clock: Clock) -> dict[str, Any]:
    return {
        **one,
        "when": clock.moment(one["at"]),
        "words": str(Classification(one["class"]).label),
        "why": str(Reason(one["reason"]).label),
    }
