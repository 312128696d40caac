"""Screens of classes and of the data inventory."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from privacy.classes import forms
from privacy.models import DataClass, DataSet, InUse
from privacy.rights import READ, WRITE
from privacy.screens import Button, CreateScreen, EditScreen, MoveScreen, RecordScreen, Table, owner_name
from privacy.writing import edit, keep

CLASSES = ("Data classes", "privacy:class-list")
INVENTORY = ("Data inventory", "privacy:dataset-list")


def ways(one: Any, name: str) -> list[Button]:
    """To change, retire or put back what is in use or not."""
    if one.status == InUse.ACTIVE:
        return [
            Button("Change", reverse(f"privacy:{name}-edit", args=[one.pk]), dialog=False),
            Button("Retire", reverse(f"privacy:{name}-retire", args=[one.pk])),
        ]
    return [Button("Put back", reverse(f"privacy:{name}-restore", args=[one.pk]))]


class ClassDetail(RecordScreen):
    """One class, and the data of it."""

    permission = READ
    breadcrumbs = (CLASSES,)
    model = DataClass

    def get_facts(self) -> list[tuple[str, Any]]:
        """Label and place."""
        one = self.object
        return [("Label on documents", one.label), ("Order", one.rank), ("Personal data", one.personal)]

    def get_texts(self) -> list[tuple[str, str]]:
        """What it is, and how it is handled."""
        return [("What belongs to it", self.object.meaning), ("How it is handled", self.object.handling)]

    def get_tables(self) -> list[Table]:
        """The data of it."""
        sets = list(self.object.datasets.select_related("owner").order_by("name")[:200])
        rows = [[one.name, one.location, owner_name(one), one.status_badge] for one in sets]
        urls = [one.get_absolute_url() for one in sets]
        return [Table("Data of this class", ("Data", "Where", "With", "State"), rows, "None is entered.", urls)]

    def get_buttons(self) -> list[Button]:
        """To change and retire it."""
        return ways(self.object, "class") if self.can(WRITE) else []


class ClassCreate(CreateScreen):
    """Add a class."""

    permission = WRITE
    form_class = forms.ClassForm
    title = "Add a class"
    breadcrumbs = (CLASSES,)
    success_message = "The class was added."

    def act(self, form: Any) -> DataClass:
        """Add it."""
        given = form.facts()
        return keep(DataClass(**given), "data_class.create", actor=self.request.member, permission=WRITE, fields=given)


class ClassEdit(EditScreen):
    """Change a class."""

    permission = WRITE
    form_class = forms.ClassForm
    model = DataClass
    object: DataClass
    up = CLASSES

    def act(self, form: Any) -> DataClass:
        """Change it."""
        return edit(self.object, "data_class.edit", actor=self.request.member, permission=WRITE, fields=form.facts())


class ClassRetire(MoveScreen):
    """Use the class no more."""

    permission = WRITE
    model = DataClass
    object: DataClass
    transition = DataClass.RETIRE
    verb, up = "Retire", CLASSES
    success_message = "The class is retired."


class ClassRestore(MoveScreen):
    """Use the class again."""

    permission = WRITE
    model = DataClass
    object: DataClass
    transition = DataClass.RESTORE
    verb, up = "Put back", CLASSES
    success_message = "The class is in use again."


class DataSetDetail(RecordScreen):
    """One entry of the inventory."""

    permission = READ
    breadcrumbs = (INVENTORY,)
    model = DataSet
    object: DataSet

    def get_queryset(self) -> QuerySet[Any]:
        """With what it names."""
        return DataSet.objects.select_related("data_class", "schedule", "owner", "system")

    def get_facts(self) -> list[tuple[str, Any]]:
        """Its facts in the order in which one asks."""
        one = self.object
        return [
            ("Class", one.data_class.name),
            ("Label", one.data_class.label),
            ("Where", one.location),
            ("System", one.system),
            ("Whose", ", ".join(one.subjects)),
            ("Legal basis", one.get_basis_display()),
            ("More on the basis", one.basis_note),
            ("Who gets it", ", ".join(one.recipients)),
            ("Other countries", one.transfers),
            ("Retention", f"{one.schedule.name}: {one.schedule.days:,} days" if one.schedule else "No schedule"),
            ("With", owner_name(one)),
        ]

    def get_texts(self) -> list[tuple[str, str]]:
        """What it is and what for, and how its class is handled."""
        one = self.object
        return [("What it is", one.content), ("What it is for", one.purpose), ("How it is handled", one.data_class.handling)]

    def get_buttons(self) -> list[Button]:
        """To change and retire it."""
        return ways(self.object, "dataset") if self.can(WRITE) else []


class DataSetCreate(CreateScreen):
    """Add data to the inventory."""

    permission = WRITE
    form_class = forms.DataSetForm
    title = "Add data to the inventory"
    breadcrumbs = (INVENTORY,)
    success_message = "The data was added."

    def act(self, form: Any) -> DataSet:
        """Add it."""
        given = form.facts()
        return keep(DataSet(**given), "data_set.create", actor=self.request.member, permission=WRITE, fields=given)


class DataSetEdit(EditScreen):
    """Change an entry of the inventory."""

    permission = WRITE
    form_class = forms.DataSetForm
    model = DataSet
    object: DataSet
    up = INVENTORY

    def act(self, form: Any) -> DataSet:
        """Change it."""
        return edit(self.object, "data_set.edit", actor=self.request.member, permission=WRITE, fields=form.facts())


class DataSetRetire(MoveScreen):
    """The data is there no more."""

    permission = WRITE
    model = DataSet
    object: DataSet
    transition = DataSet.RETIRE
    verb, up = "Retire", INVENTORY
    success_message = "The entry is retired."


class DataSetRestore(MoveScreen):
    """The data is there again."""

    permission = WRITE
    model = DataSet
    object: DataSet
    transition = DataSet.RESTORE
    verb, up = "Put back", INVENTORY
    success_message = "The entry counts again."
