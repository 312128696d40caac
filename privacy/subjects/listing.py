"""The list of requests of people."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.sealed import saying
from audit.exports import RecordsExports
from controls.sheets.screens import SheetList
from privacy.models import PENDING, SubjectRequest
from privacy.rights import SUBJECTS, SUBJECTS_READ
from privacy.screens import due_filter
from privacy.subjects.sheet import REGISTER
from ui.screens import Column, Empty, Filter, ListScreen


class RequestList(SheetList, RecordsExports, ListScreen):
    """What people ask about their own data."""

    permission = SUBJECTS_READ
    register = REGISTER
    title = "Requests of people"
    lede = "What people ask about their own data: a copy, a correction, erasure. Each is answered within 30 days."
    noun = "requests"
    noun_one = "request"
    columns = (
        Column("reference", "Number", sort="reference", link=True, whole=True),
        Column("get_kind_display", "What is asked for", sort="kind", value=lambda one: one.get_kind_display()),
        Column("name", "Who asks", hide_below=700, on_cards=True),
        Column("received_on", "Received", sort="received_on", hide_below=1000),
        Column("due_on", "Due", sort="due_on", template="privacy/cells/due.html", text=lambda one: one.due_on.isoformat()),
        Column("owner.name", "With", sort="owner__name", hide_below=1000),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("due_on",)
    search_hint = "Number, or the whole name or e-mail"
    primary_action = ("Take a request in", "privacy:request-create", SUBJECTS)
    empty = Empty(
        "Nobody has asked",
        "When somebody asks what is held on them, or wants it corrected or erased, take it in: the days begin that day.",
        action=("Take a request in", "privacy:request-create"),
    )

    def get_filters(self) -> tuple[Filter, ...]:
        """Late depends on the organization's day."""
        pending, known = Q(status__in=PENDING), SubjectRequest.Status
        states = {"pending": pending, **{value: Q(status=value) for value in known.values}}
        return (
            Filter("state", "State", choices=[("pending", "Open"), *known.choices], where=states),
            Filter("kind", "What", choices=SubjectRequest.Kind.choices),
            due_filter(self.request.organization.today(), pending),
        )

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """By number, or by all of a name or an address: they are sealed, and found by their blind index."""
        who = saying(SubjectRequest, "name", [text]) | saying(SubjectRequest, "email", [text])
        return queryset.filter(Q(reference__icontains=text.strip()) | who)

    def get_queryset(self) -> QuerySet[Any]:
        """With whose it is."""
        return SubjectRequest.objects.select_related("owner")
