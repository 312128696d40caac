"""The monthly report of 1,000 controls against WeasyPrint's own program on its HTML: both in a process of their own."""

import datetime as dt
import subprocess
import sys
import tempfile
from pathlib import Path

from audit.actors import SCHEDULE
from bench.harness import Case
from bench.printing import must_fit
from bench.programme import programme
from reports.monthly.actions import ask_report, take_figures
from reports.monthly.report import enclosures_of, report_html, report_pdf
from reports.monthly.taking import digest_of, taken_of
from tenancy.scope import tenant


def report_1k() -> Case:
    """From the frozen figures to the PDF, as a worker makes it."""
    organization = programme().large.organization
    with tenant(organization):
        today = organization.today()
        asked = ask_report(today - dt.timedelta(days=30), today, actor=SCHEDULE)
        taken = taken_of(take_figures(asked))
    snapshot = taken.snapshot
    if snapshot.figures[0].whole != 1_000:
        raise RuntimeError(f"The report is of {snapshot.figures[0].whole} controls.")
    folder = Path(tempfile.mkdtemp(prefix="plumbline-bench-"))
    source, target = folder / "report.html", folder / "report.pdf"
    html = report_html(snapshot, digest_of(snapshot))
    source.write_text(html, encoding="utf-8")
    must_fit(html, made_at=snapshot.as_of, enclosures=enclosures_of(snapshot, taken.register))

    def run() -> None:
        report_pdf(snapshot, taken.register)

    def floor() -> None:
        command = [sys.executable, "-m", "weasyprint", "--quiet", str(source), str(target)]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own words

    return Case("report_1k", 1.2, run, floor)
