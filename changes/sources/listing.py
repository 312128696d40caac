"""Lists of sources, and of what they have delivered."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from audit.exports import RecordsExports
from changes.models import ChangeSource, Delivery, Provider
from changes.sources.actions import RUN
from ui.screens import Column, Empty, Filter, ListScreen
from ui.values import exact

READ = "changes.read"
LIST = ("Sources", "changes:source-list")
_FILE = re.compile(r"[0-9a-f]{12}")


class _OneFile(Filter):
    """The rows of the one list that the address names."""

    counted: ClassVar[bool] = False

    def options(self, screen: Any) -> list[tuple[str, str]]:
        """The list named, if it is one."""
        typed = screen.request.GET.get(self.name, "")
        return [(f"file {typed}", f"SHA-256 {typed}…")] if _FILE.fullmatch(typed) else []


class SourceList(RecordsExports, ListScreen):
    """Where changes come from by themselves."""

    permission = READ
    title = "Sources of changes"
    lede = "Repositories whose pull or merge requests are changes here, with authors, reviews, checks and merge commits."
    noun = "sources"
    noun_one = "source"
    columns = (
        Column("name", "Source", sort="name", link=True),
        Column("provider", "Where", sort="provider"),
        Column("repositories", "Repositories", value=lambda one: ", ".join(one.repositories), wide=True, hide_below=700),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
        Column("delivered_at", "Last delivery", sort="delivered_at", hide_below=700),
        Column("refused", "Refused", sort="refused", numeric=True, hide_below=1000),
    )
    default_order = ("name",)
    filters = (
        Filter("state", "State", choices=ChangeSource.Status.choices, lookup="status"),
        Filter("provider", "Where", choices=Provider.choices),
    )
    search_fields = ("name",)
    search_hint = "Name"
    empty = Empty(
        "No repository tells of its changes yet",
        "A webhook of GitHub or GitLab makes each pull or merge request a change here; a list brings those of the past.",
        action=("Add a source", "changes:source-create"),
    )
    primary_action = ("Add a source", "changes:source-create", RUN)

    def get_queryset(self) -> QuerySet[Any]:
        """All."""
        return ChangeSource.objects.all()


class DeliveryList(RecordsExports, ListScreen):
    """What a source has delivered, and what became of it."""

    permission = READ
    noun = "deliveries"
    noun_one = "delivery"
    columns = (
        Column("received_at", "Received", sort="received_at", text=lambda one: exact(one.received_at)),
        Column("event", "Event", sort="event", whole=True),
        Column("act", "Action", sort="act", hide_below=1300, whole=True),
        Column("repository", "Repository", sort="repository", hide_below=1300),
        Column("change.reference", "Change", sort="change__reference", link=True, whole=True),
        Column("outcome_badge", "Outcome", sort="outcome", text=lambda one: one.get_outcome_display()),
        Column("detail", "What became of it", wide=True, hide_below=700),
        Column("repeats", "Sent again", sort="repeats", numeric=True, hide_below=1300),
        Column("key", "Its id there", hide_below=1500),
    )
    default_order = ("-received_at",)
    filters = (
        Filter("outcome", "Outcome", choices=Delivery.Outcome.choices),
        _OneFile("file", "From the list", choices=(), lookup="act"),
    )
    search_fields = ("event", "repository", "key", "change__reference")
    search_hint = "Event, repository, change or id"
    empty = Empty("Nothing was delivered yet", "Each delivery whose signature is right stands here, with what became of it.")

    def get_title(self) -> str:
        """Whose."""
        return f"Deliveries of {self.source.name}"

    @cached_property
    def source(self) -> ChangeSource:
        """The one. Raises Http404."""
        return get_object_or_404(ChangeSource, pk=self.kwargs["pk"])

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the source."""
        return (LIST, (self.source.name, self.source.get_absolute_url()))

    def get_queryset(self) -> QuerySet[Any]:
        """Its own, with their changes."""
        return Delivery.objects.filter(source=self.source).select_related("change")

    def row_url(self, row: Delivery) -> str:
        """The change it was about."""
        return row.change.get_absolute_url() if row.change else ""
