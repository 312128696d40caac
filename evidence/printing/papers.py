"""Certificates and letters on paper: printed from a sheet alone, so that the same sheet gives the same bytes."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from evidence.printing.making import digest_of, file_of
from evidence.printing.printer import STYLE, Enclosure, make_pdf
from evidence.printing.words import Clock

Sheet = dict[str, Any]


def paper_html(sheet: Sheet) -> str:
    """A sheet as one self-contained HTML page: a title, a sentence, facts, texts, what is enclosed."""
    clock = Clock(sheet["zone"])
    context = {
        "data": sheet,
        "digest": digest_of(sheet),
        "as_of": clock.moment(sheet["madeAt"]),
        "style": mark_safe(STYLE.read_text(encoding="utf-8")),  # noqa: S308 - our own file
    }
    return render_to_string("evidence/paper.html", context)


def paper_pdf(sheet: Sheet, enclosures: Sequence[Enclosure] = ()) -> bytes:
    """The PDF with its sheet attached. Takes seconds; raises PrintingFailed."""
    data = Enclosure(f"{sheet['reference']}.json", "The data this document was printed from", file_of(sheet))
    return make_pdf(paper_html(sheet), made_at=sheet["madeAt"], enclosures=[data, *enclosures])
