"""The PDF of a 600-item review against WeasyPrint's own time on its HTML."""

from weasyprint import HTML

from bench.harness import Case
from bench.printing import must_fit
from bench.world import export, imported, make_system, started, world
from reviews.outputs.data import Kind
from reviews.outputs.gather import gather
from reviews.outputs.report import enclosures_of, report_html, report_pdf
from tenancy.scope import tenant

ROWS = 600


def pdf_600_items() -> Case:
    """The report as a worker makes it, in a process of its own with a memory limit."""
    place = world()
    with tenant(place.organization):
        system = make_system("Paper", place.reviewers[4])
    imported(place, system, export(ROWS), ROWS)
    campaign = started(place, [system])
    with tenant(place.organization):
        data = gather(campaign, Kind.DECISION)
    html = report_html(data)
    must_fit(html, made_at=data.as_of, enclosures=enclosures_of(data))

    def run() -> None:
        report_pdf(data, html)

    def floor() -> None:
        HTML(string=html).write_pdf()

    return Case("pdf_600_items", 1.2, run, floor)
