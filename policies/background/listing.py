"""The register of background checks."""

from typing import Any

from django.db.models import QuerySet

from audit.exports import RecordsExports
from policies.background.gaps import early
from policies.background.rights import READ, WRITE
from policies.models import BackgroundCheck, BackgroundRule
from ui.screens import Column, Empty, Filter, ListScreen

CHECKS = ("Background checks", "policies:background")
NAMED = 50


class CheckList(RecordsExports, ListScreen):
    """Who was checked, when, by whom, and how it came out."""

    permission = READ
    title = "Background checks"
    lede = "Who was checked before they got access. How it came out is sealed, and only shown here."
    template_name = "policies/background/check_list.html"
    noun = "background checks"
    noun_one = "background check"
    default_order = ("-checked_on",)
    search_fields = ("person__name", "provider")
    search_hint = "Person or provider"
    primary_action = ("Record a check", "policies:background-create", WRITE)
    empty = Empty(
        "No background checks yet",
        "Record them one by one, or bring the list that you have.",
        ("Import", "policies:background-import"),
        ("Sample file", "policies:background-sample"),
    )
    columns = (
        Column("person.name", "Person", sort="person__name", link=True),
        Column("person.department", "Department", sort="person__department", hide_below=1000),
        Column("checked_on", "Checked", sort="checked_on"),
        Column("provider", "Who checked", sort="provider", hide_below=700),
        Column("outcome_badge", "Outcome", text=lambda one: one.outcome_badge.label),
        Column("status_badge", "State", sort="status", hide_below=1000, text=lambda one: one.get_status_display()),
    )
    filters = (Filter("state", "State", choices=BackgroundCheck.Status.choices, lookup="status"),)

    def get_queryset(self) -> QuerySet[BackgroundCheck]:
        """All of them."""
        return BackgroundCheck.objects.select_related("person")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With who had access first, by name."""
        member, today = self.request.member, self.request.organization.today()
        rule = BackgroundRule.objects.first()
        gaps = list(early(rule, today)[: NAMED + 1]) if rule else []
        return super().get_context_data(
            rule=rule, gaps=gaps[:NAMED], more=len(gaps) > NAMED, may_write=member.can(WRITE),
            may_read_findings=member.can("findings.read"), **kwargs,
        )  # fmt: skip
