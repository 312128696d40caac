"""The lists of classes and of the data inventory."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from audit.exports import RecordsExports
from privacy.models import Basis, DataClass, DataSet, InUse
from privacy.rights import READ, WRITE
from ui.screens import Column, Empty, Filter, ListScreen


class ClassList(RecordsExports, ListScreen):
    """Classes of data, the most sensitive first."""

    permission = READ
    template_name = "privacy/register_list.html"
    title = "Data classes"
    lede = "What labels documents and data bear, and how each is handled."
    noun = "classes"
    noun_one = "class"
    columns = (
        Column("rank", "Order", sort="rank", numeric=True),
        Column("name", "Class", sort="name", link=True),
        Column("label", "Label", sort="label"),
        Column("personal", "Personal data", sort="personal", hide_below=1000),
        Column("handling", "How it is handled", wide=True, hide_below=1000),
        Column("sets", "Data sets", numeric=True, sort="sets", hide_below=700),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("rank",)
    search_fields = ("name", "label", "meaning", "handling")
    search_hint = "Name or words"
    primary_action = ("Add a class", "privacy:class-create", WRITE)
    empty = Empty(
        "No classes yet",
        "Three or four are enough, such as public, internal, confidential and restricted. Each says how its data is handled.",
        action=("Add a class", "privacy:class-create"),
    )
    filters = (Filter("state", "State", choices=InUse.choices, lookup="status"),)

    def get_queryset(self) -> QuerySet[Any]:
        """With how much data there is of each."""
        return DataClass.objects.annotate(sets=Count("datasets", filter=Q(datasets__status=InUse.ACTIVE)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the way to take the register out and in."""
        return super().get_context_data(
            register="class", register_import="privacy:class-import", may_import=self.request.member.can(WRITE), **kwargs
        )


def _classes(_view: object) -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in DataClass.objects.values_list("pk", "name")]


class DataSetList(RecordsExports, ListScreen):
    """The data inventory."""

    permission = READ
    template_name = "privacy/register_list.html"
    title = "Data inventory"
    lede = "What data there is, where, whose, what for, who gets it and how long it stays."
    noun = "data sets"
    noun_one = "data set"
    columns = (
        Column("name", "Data", sort="name", link=True),
        Column("data_class.name", "Class", sort="data_class__rank"),
        Column("location", "Where", sort="location", hide_below=1000),
        Column("subjects", "Whose", value=lambda one: ", ".join(one.subjects), hide_below=700),
        Column("basis", "Basis", sort="basis", hide_below=1300),
        Column("schedule.name", "Retention", sort="schedule__name", hide_below=1000),
        Column("owner.name", "With", sort="owner__name", hide_below=1300),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("name",)
    search_fields = ("name", "content", "location", "purpose")
    search_hint = "Name, place or words"
    primary_action = ("Add data", "privacy:dataset-create", WRITE)
    empty = Empty(
        "The inventory is empty",
        "An auditor asks what confidential and personal data there is and where. Add it, or bring in a table.",
        action=("Add data", "privacy:dataset-create"),
    )
    filters = (
        Filter("state", "State", choices=InUse.choices, lookup="status"),
        Filter("class", "Class", choices=_classes, lookup="data_class_id"),
        Filter("basis", "Basis", choices=[(value, label) for value, label in Basis.choices if value], lookup="basis"),
        Filter("retention", "Retention", choices=[("none", "No schedule")], where={"none": Q(schedule=None)}),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """With its class, schedule and owner."""
        return DataSet.objects.select_related("data_class", "schedule", "owner")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the way to take the register out and in."""
        return super().get_context_data(
            register="dataset", register_import="privacy:dataset-import", may_import=self.request.member.can(WRITE), **kwargs
        )
