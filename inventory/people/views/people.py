"""The list of people, and the tabs beside it."""

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from audit.exports import RecordsExports
from inventory.models import Account, Person
from inventory.removals.leavers import has_ended
from ui.screens import Column, Empty, Filter, ListScreen

CRUMBS = (("People", "inventory:person-list"),)


def people_tabs() -> list[tuple[str, str, int | None]]:
    """The three places about people."""
    return [
        ("Roster", reverse("inventory:person-list"), None),
        ("Accounts", reverse("inventory:account-list"), None),
        ("Roster imports", reverse("inventory:roster-list"), None),
    ]


def _departments(view: Any) -> list[tuple[str, str]]:
    names = Person.objects.exclude(department="").order_by("department").values_list("department", flat=True).distinct()
    return [(name, name) for name in names[:200]]


class PersonList(RecordsExports, ListScreen):
    """Who works here, and who did."""

    permission = "people.read"
    title = "People"
    lede = "The roster: who works here, so that every account can be matched to somebody."
    noun = "people"
    noun_one = "person"
    columns = (
        Column("name", "Person", sort="name", link=True),
        Column("email", "E-mail", sort="email_key", hide_below=700),
        Column("department", "Department", sort="department", hide_below=1000),
        Column("title", "Title", sort="title", hide_below=1300),
        Column("manager.name", "Manager", sort="manager__name", hide_below=1000),
        Column("kind", "Kind", sort="kind", hide_below=1300),
        Column("account_total", "Accounts", sort="account_total", numeric=True),
        Column("left_on", "Last day", sort="left_on", hide_below=1000),
        Column("status_badge", "State", sort="status"),
    )
    default_order = ("name",)
    search_fields = ("name", "email", "employee_number")
    search_hint = "Name, e-mail or number"
    empty = Empty(
        "No people yet",
        "The roster tells who works here, so that accounts can be matched to people and leavers' access found.",
        action=("Import people", "inventory:roster-upload"),
        sample=("Sample file", "inventory:roster-sample"),
    )
    primary_action = ("Import people", "inventory:roster-upload", "people.write")
    template_name = "inventory/person_list.html"

    def get_queryset(self) -> QuerySet[Any]:
        """With the number of accounts."""
        accounts = Account.objects.filter(person=OuterRef("pk")).order_by().values("person").annotate(n=Count("pk")).values("n")
        return Person.objects.select_related("manager").annotate(account_total=Coalesce(Subquery(accounts), 0))

    def get_filters(self) -> tuple[Filter, ...]:
        """Flags depend on the organization's day."""
        today = self.request.organization.today()
        flags = {
            "ended": has_ended(today) & ~Q(status=Person.Status.LEFT),
            "no_manager": Q(manager=None) & ~Q(status=Person.Status.LEFT),
            "no_email": Q(email_key=""),
        }
        labels = [("ended", "Contract or last day passed"), ("no_manager", "No manager"), ("no_email", "No e-mail")]
        return (
            Filter("status", "State", choices=Person.Status.choices),
            Filter("kind", "Kind", choices=Person.Kind.choices),
            Filter("flag", "Check", choices=labels, where=flags, multiple=True),
            Filter("department", "Department", choices=_departments),
        )

    def get_tabs(self) -> list[tuple[str, str, int | None]]:
        """Beside accounts and imports."""
        return people_tabs()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tell the template who may add people."""
        return super().get_context_data(may_write=self.request.member.can("people.write"), **kwargs)
