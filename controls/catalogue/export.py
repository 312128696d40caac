"""The table of all controls, as it can be edited elsewhere and imported again."""

import uuid
from collections import defaultdict
from collections.abc import Iterator

from controls.catalogue.cells import Frequency, answers_cell, guarded, legs_cell
from controls.catalogue.reading import COLUMNS
from controls.models import CadenceChange, Control, ControlCriterion, ControlSystem
from inventory.models import Person
from ui.refusals import ActionRefused
from ui.screens.export import CELL_LIMIT, FORMATS, Export, Notes

Texts = dict[uuid.UUID, list[str]]


def export_controls(kind: str, notes: Notes) -> Export:
    """Write all controls as `csv` or `xlsx`. Raises ActionRefused when a text is too long for a cell of a workbook."""
    rows = list(table_of())
    if kind == "csv":
        rows = [[guarded(cell) for cell in row] for row in rows]
    elif any(len(cell) > CELL_LIMIT for row in rows for cell in row):
        raise ActionRefused("A cell of a workbook cannot hold the longest of these texts. Export them as CSV.")
    return FORMATS[kind].write(list(COLUMNS.values()), rows, notes, ())


def table_of() -> Iterator[list[str]]:
    """A row for each control, by code; four queries."""
    notes: dict[uuid.UUID, dict[str, str]] = defaultdict(dict)
    for answer in ControlCriterion.objects.all():
        notes[answer.control_id][answer.criterion] = answer.note
    systems: Texts = defaultdict(list)
    for key, name in ControlSystem.objects.order_by("system__name").values_list("control", "system__name"):
        systems[key].append(name)
    cadences: Texts = defaultdict(list)
    for row in CadenceChange.objects.order_by("control_id", "from_date"):
        first = not cadences[row.control_id]
        line = Frequency(row.cadence, row.population, row.grace_days, None if first else row.from_date)
        cadences[row.control_id].append(str(line))
    for control in Control.objects.select_related("owner").order_by("code"):
        facts = {
            "owner": _named(control.owner),
            "frequency": "\n".join(cadences[control.pk]),
            "in_scope_since": control.in_scope_since.isoformat(),
            "retired_on": control.retired_on.isoformat() if control.retired_on else "",
            "priority": control.get_priority_display(),
            "criteria": answers_cell(notes[control.pk]),
            "systems": "\n".join(systems[control.pk]),
            "legs": legs_cell(control.legs),
        }
        yield [facts[name] if name in facts else str(getattr(control, name)) for name in COLUMNS]


def _named(person: Person | None) -> str:
    """The e-mail address, which is one person's only; else the name."""
    return (person.email or person.name) if person else ""
