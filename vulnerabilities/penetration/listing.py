"""The list of penetration tests."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from audit.exports import RecordsExports
from ui.screens import Column, Empty, Filter, ListScreen
from vulnerabilities.models import PENDING, PenetrationTest
from vulnerabilities.rights import READ, WRITE


class TestList(RecordsExports, ListScreen):
    """Penetration tests, and what of their findings is open."""

    permission = READ
    title = "Penetration tests"
    lede = "People who did not build it try to break it, at least once a year. Each finding is retested by somebody else."
    noun = "penetration tests"
    noun_one = "penetration test"
    columns = (
        Column("reference", "Number", sort="reference", link=True, whole=True),
        Column("title", "Title", sort="title", wide=True),
        Column("firm", "Firm", sort="firm", hide_below=700),
        Column("starts_on", "From", sort="starts_on", hide_below=1000),
        Column("ends_on", "To", sort="ends_on", hide_below=1000),
        Column("reported_on", "Report", sort="reported_on", hide_below=1300),
        Column("findings", "Findings", sort="findings", numeric=True),
        Column("pending", "Open", sort="pending", numeric=True),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("-starts_on",)
    search_fields = ("reference", "title", "firm")
    search_hint = "Number, words or firm"
    primary_action = ("Plan a test", "vulnerabilities:test-create", WRITE)
    empty = Empty(
        "No penetration tests yet",
        "An auditor expects one a year by a firm that did not build the system, with its report and the retest of what it found.",
        action=("Plan a test", "vulnerabilities:test-create"),
    )
    filters = (Filter("state", "State", choices=PenetrationTest.Status.choices, lookup="status"),)

    def get_queryset(self) -> QuerySet[Any]:
        """With how much each has found."""
        pending = Q(vulnerabilities__status__in=PENDING)
        return PenetrationTest.objects.annotate(
            findings=Count("vulnerabilities"), pending=Count("vulnerabilities", filter=pending)
        )
