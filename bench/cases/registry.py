"""All cases, in the order in which they run."""

from collections.abc import Callable, Iterable

from bench.cases.campaigns import campaign_100k, page_of_50
from bench.cases.changes import changes_lists
from bench.cases.dashboard import dashboard_1k
from bench.cases.decisions import bulk_decision_10k
from bench.cases.deployments import gate, reconciliation_100k
from bench.cases.events import control_events_100k
from bench.cases.gaps import gap_run
from bench.cases.imports import import_100k
from bench.cases.incidents import incidents_list
from bench.cases.lists import lists_filters
from bench.cases.monitoring import alarm_latency, monitor_schedule, uptime_year
from bench.cases.packages import package_10k, package_memory
from bench.cases.paper import pdf_600_items
from bench.cases.policies import acknowledgement_20k, acknowledgements_list
from bench.cases.processing import processing_records
from bench.cases.report import report_1k
from bench.cases.risks import risks_list
from bench.cases.sealed import sealed_10k
from bench.cases.trail import access_log, sealing_1k, trail_search, verification_1m
from bench.cases.vendors import vendors_list
from bench.cases.verification import verification_10k
from bench.cases.walls import rls_on_page
from bench.cases.writers import action_through_view
from bench.harness import Case, Figure

CASES: dict[str, Callable[[], Case | Figure | Iterable[Case | Figure]]] = {
    build.__name__: build
    for build in (
        import_100k,
        campaign_100k,
        page_of_50,
        rls_on_page,
        bulk_decision_10k,
        verification_10k,
        pdf_600_items,
        dashboard_1k,
        report_1k,
        gap_run,
        lists_filters,
        changes_lists,
        gate,
        reconciliation_100k,
        control_events_100k,
        processing_records,
        incidents_list,
        vendors_list,
        risks_list,
        acknowledgement_20k,
        acknowledgements_list,
        monitor_schedule,
        alarm_latency,
        uptime_year,
        action_through_view,
        access_log,
        sealed_10k,
        sealing_1k,
        trail_search,
        verification_1m,
        package_10k,
        package_memory,
    )
}
