"""The documents of a report: HTML for the PDF, the PDF itself, the workbook, and the data."""

from dataclasses import dataclass
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from evidence.printing.printer import STYLE as PAPER
from evidence.printing.printer import Enclosure, make_pdf
from evidence.printing.words import Clock, day
from reviews.outputs import facts, front, sections
from reviews.outputs.data import Kind, ReportData
from reviews.outputs.register import register_csv
from reviews.outputs.workbook import make_workbook

STYLE = Path(__file__).with_name("report.css")


@dataclass(frozen=True, slots=True)
class Document:
    """One file of a report."""

    form: str
    name: str
    content: bytes


def report_html(data: ReportData) -> str:
    """The report as one self-contained HTML page: its style is inside, and it refers to nothing else."""
    clock, campaign = Clock(data.zone), data.campaign
    kept, undecided = facts.flagged_kept(data), facts.not_decided(data)
    context = {
        "data": data,
        "campaign": campaign,
        "completed": data.kind == Kind.COMPLETED,
        "style": mark_safe(PAPER.read_text(encoding="utf-8") + STYLE.read_text(encoding="utf-8")),  # noqa: S308 - our own file
        "period": f"{day(campaign.period_from)} to {day(campaign.period_to)}",
        "due": day(campaign.due_on),
        "as_of": clock.moment(data.as_of),
        "front": front.front(data),
        "scope_sentence": sections.scope_sentence(data),
        "scope": sections.scope_blocks(data),
        "systems": facts.by_system(data),
        "whole": facts.tally("All systems", data.items),
        "to_do": sections.lines(facts.to_do(data)[: sections.SHOWN], data),
        "to_do_count": len(facts.to_do(data)),
        "removals": sections.removal_lines(data.removals[: sections.SHOWN], data),
        "kept": sections.lines(kept[: sections.SHOWN], data),
        "kept_count": len(kept),
        "undecided": sections.lines(undecided[: sections.SHOWN], data),
        "undecided_count": len(undecided),
        "shown": sections.SHOWN,
        "bulk_keepers": [one for one in facts.by_reviewer(data) if one.kept_all_at_once],
        "unfinished": sections.removal_lines([row for row in data.removals if row.status not in facts.VERIFIED], data),
        "reviewers": sections.reviewer_lines(data),
        "signed_at": clock.moment(campaign.signed_off_at),
        "started_at": clock.moment(campaign.started_at),
        "closed_at": clock.moment(campaign.closed_at),
        "next_review": day(campaign.next_review_on),
        "register": sections.register(data),
        "register_rows": sections.REGISTER_ROWS,
    }
    return render_to_string("reviews/report_pdf.html", context)


def report_pdf(data: ReportData, html: str = "") -> bytes:
    """The PDF with the register, the hashed decisions and the data attached. Takes seconds; raises PrintingFailed."""
    return make_pdf(html or report_html(data), made_at=data.as_of, enclosures=enclosures_of(data))


def enclosures_of(data: ReportData) -> list[Enclosure]:
    """The files inside the PDF."""
    return [
        Enclosure(f"{data.reference}-register.csv", "Every entitlement with its decision", register_csv(data)),
        Enclosure(f"{data.reference}-decisions.txt", "The decisions exactly as they were hashed", data.decisions_file),
        Enclosure(f"{data.reference}-data.json", "The data this report was made from", data.to_json()),
    ]


def make_documents(data: ReportData) -> list[Document]:
    """All the files of a report. The same data gives the same bytes."""
    return [
        Document("PDF", f"{data.reference}.pdf", report_pdf(data)),
        Document("XLSX", f"{data.reference}.xlsx", make_workbook(data)),
        Document("JSON", f"{data.reference}.json", data.to_json()),
    ]
