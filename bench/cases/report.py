"""The monthly report of 1,000 controls against WeasyPrint's own program on its HTML: both in a process of their own."""

import datetime as dt
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from audit.actors import SCHEDULE
from bench.cases.paper import MEMORY_LIMIT
from bench.harness import Case
from bench.programme import programme
from reports.monthly.actions import ask_report, take_figures
from reports.monthly.report import report_html, report_pdf
from reports.monthly.taking import digest_of, snapshot_of
from tenancy.scope import tenant


def report_1k() -> Case:
    """From the frozen figures to the PDF, as a worker makes it."""
    organization = programme().large.organization
    with tenant(organization):
        today = organization.today()
        asked = ask_report(today - dt.timedelta(days=30), today, actor=SCHEDULE)
        snapshot = snapshot_of(take_figures(asked))
    if snapshot.figures[0].whole != 1_000:
        raise RuntimeError(f"The report is of {snapshot.figures[0].whole} controls.")
    folder = Path(tempfile.mkdtemp(prefix="plumbline-bench-"))
    source, target = folder / "report.html", folder / "report.pdf"
    source.write_text(report_html(snapshot, digest_of(snapshot)), encoding="utf-8")

    def run() -> None:
        report_pdf(snapshot)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        if peak > MEMORY_LIMIT:
            raise RuntimeError(f"The report took {peak // 1024} MB.")

    def floor() -> None:
        command = [sys.executable, "-m", "weasyprint", "--quiet", str(source), str(target)]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own words

    return Case("report_1k", 1.2, run, floor)
