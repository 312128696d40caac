"""Which registers there are, and their columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from controls.models import Control
from inventory.models import System
from privacy.models import Basis, Consent, DataClass, DataSet, InUse, NoticeVersion, RetentionSchedule
from privacy.registers import cells
from privacy.registers.cells import Cell
from privacy.rights import READ, SUBJECTS_READ
from tenancy.models import TenantModel


@dataclass(frozen=True, slots=True)
class Register:
    """One register: its rows, the columns that tell one row from another, and what its events are called."""

    key: str
    title: str
    model: type[TenantModel]
    same: tuple[str, ...]
    verb: str
    columns: Sequence[Cell]
    related: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()  # fields that no event repeats, as they are somebody's data
    permission: str = READ

    def rows(self) -> QuerySet[Any]:
        """All of them, in the order in which they are written."""
        return self.model.objects.select_related(*self.related).order_by(*self.same)

    def written(self) -> list[list[str]]:
        """Each row as its cells."""
        return [[cell.write(getattr(one, cell.name)) for cell in self.columns] for one in self.rows()]


def _version(given: str) -> NoticeVersion:
    name, _, number = given.strip().rpartition(", version ")
    found = NoticeVersion.objects.filter(notice__name=name, number=int(number)).first() if number.isdigit() else None
    if found is None:
        raise ValueError(f"There is no version “{given.strip()[:80]}” of a notice, such as Website, version 2.")
    return found


STATE = cells.choice("status", "State", InUse.choices)
REGISTERS = {
    one.key: one
    for one in (
        Register(
            "class", "Data classes", DataClass, ("name",), "data_class",
            (
                cells.text("name", "Class"), cells.number("rank", "Order"), cells.text("label", "Label"),
                cells.flag("personal", "Personal data"), cells.text("meaning", "What belongs to it"),
                cells.text("handling", "How it is handled"), STATE,
            ),
        ),
        Register(
            "schedule", "Retention schedules", RetentionSchedule, ("reference",), "retention_schedule",
            (
                cells.text("reference", "Number"), cells.text("name", "Name"), cells.text("kind", "Data of the product"),
                cells.named("system", "System", System, "name"), cells.named("control", "Control", Control, "code"),
                cells.number("days", "Days kept"), cells.text("counted_from", "Counted from"),
                cells.text("reason", "Why so long"),
                cells.text("method", "How it is deleted"), cells.flag("automatic", "Deleted by itself"),
                cells.number("report_days", "Days between reports"), cells.person("owner", "With"), STATE,
            ),
            ("system", "control", "owner"),
        ),
        Register(
            "dataset", "Data inventory", DataSet, ("name",), "data_set",
            (
                cells.text("name", "Data"), cells.named("data_class", "Class", DataClass, "name", required=True),
                cells.text("content", "What it is"), cells.named("system", "System", System, "name"),
                cells.text("location", "Where"), cells.lines("subjects", "Whose"), cells.text("purpose", "What it is for"),
                cells.choice("basis", "Legal basis", Basis.choices), cells.text("basis_note", "More on the basis"),
                cells.lines("recipients", "Who gets it"), cells.text("transfers", "Other countries"),
                cells.named("schedule", "Retention schedule", RetentionSchedule, "reference"),
                cells.person("owner", "With"), STATE,
            ),
            ("data_class", "system", "schedule", "owner"),
        ),
        Register(
            "consent", "Consents", Consent, ("version", "email", "purpose", "given_at"), "consent",
            (
                Cell("version", "Version of the notice", str, _version), cells.text("name", "Who"),
                cells.text("email", "E-mail"), cells.text("purpose", "What for"), cells.text("how", "How it was given"),
                cells.moment("given_at", "Given"), cells.moment("withdrawn_at", "Withdrawn"), cells.text("note", "Note"),
                cells.choice("status", "State", Consent.Status.choices),
            ),
            ("version__notice",),
            frozenset({"name", "email", "note"}),
            SUBJECTS_READ,
        ),
    )
}  # fmt: skip
