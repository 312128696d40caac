"""The PDF of a 600-item review against WeasyPrint's own time on its HTML."""

import resource

from weasyprint import HTML

from bench.harness import Case
from bench.world import export, imported, make_system, started, world
from reviews.outputs.data import Kind
from reviews.outputs.gather import gather
from reviews.outputs.report import report_html, report_pdf
from tenancy.scope import tenant

ROWS = 600
MEMORY_LIMIT = 400 * 1024  # kilobytes


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

    def run() -> None:
        report_pdf(data, html)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        if peak > MEMORY_LIMIT:
            raise RuntimeError(f"The report took {peak // 1024} MB.")

    def floor() -> None:
        HTML(string=html).write_pdf()

    return Case("pdf_600_items", 1.2, run, floor)
