"""Where a finding comes from: what a new one is filled with when somebody follows a link from a record."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import ValidationError
from django.urls import get_script_prefix

from controls.models import Control, ControlTest, Finding, GapRun, Occurrence
from controls.models.control import Priority
from controls.models.occurrence import State
from tenancy.models import current_organization

LINK_HELP = "The address of a page here, such as an access review, or of a report elsewhere."
_SEEN = Finding.Source
_TEXT = re.compile(r"[^\x00-\x1f\x7f\s]*")


def checked_link(link: str) -> str:
    """A web address, or a path of this workspace. Raises ValidationError for anything else."""
    given = link.strip()
    ours = given.startswith(get_script_prefix()) and not given.startswith("//")
    if given and not (_TEXT.fullmatch(given) and (ours or _is_web(given))):
        raise ValidationError("Give an address that begins with https://, or of a page of this workspace.")
    return given


def _is_web(given: str) -> bool:
    try:
        parts = urlsplit(given)
    except ValueError:  # brackets that are not closed, or a host that Unicode would change
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def seen_in(asked: Mapping[str, str]) -> dict[str, Any]:
    """What a new finding is filled with, from `test`, `occurrence`, `control`, `run` (ids), `source`, `link` and `title`."""
    if test := _found(ControlTest.objects.select_related("control__owner"), asked.get("test")):
        return _of_test(test)
    if occurrence := _found(Occurrence.objects.select_related("control__owner"), asked.get("occurrence")):
        return _of_occurrence(occurrence)
    control = _found(Control.objects.select_related("owner"), asked.get("control"))
    if control and (run := _found(GapRun.objects.all(), asked.get("run"))):
        return {**_of_control(control), "title": f"{control.code} is not in place"[:200], "source": _SEEN.GAP.value, "run": run}
    source = asked.get("source", "")
    return {
        **(_of_control(control) if control else {}),
        "title": asked.get("title", "")[:200],
        "source": source if source in _SEEN.values else _SEEN.OTHER.value,
        "link": asked.get("link", "")[:300],
    }


def _of_test(test: ControlTest) -> dict[str, Any]:
    words = test.get_result_display().lower()
    return {
        **_of_control(test.control),
        "title": f"{test.control.code}: the test of {test.tested_on:%-d %B %Y} gave {words}"[:200],
        "source": _SEEN.TEST.value,
        "test": test,
        "risk": test.notes,
    }


def _of_occurrence(occurrence: Occurrence) -> dict[str, Any]:
    return {
        **_of_control(occurrence.control),
        "title": f"{occurrence.control.code}: {occurrence.label} {_shortfall(occurrence)}"[:200],
        "source": _SEEN.MISSED.value,
        "occurrence": occurrence,
    }


def _shortfall(occurrence: Occurrence) -> str:
    """What is wrong with it as of today, in the words of its state."""
    today = current_organization().today()
    performed = occurrence.status == Occurrence.Status.PERFORMED
    match occurrence.state_on(today):
        case State.MISSED:
            return "was missed"
        case State.LATE:
            return (
                ("is late by its owner's word" if occurrence.late_by_word else "was performed late") if performed else "is late"
            )
        case _:
            return "did not go as expected"


def _of_control(control: Control) -> dict[str, Any]:
    answers = list(control.answers.values_list("criterion", flat=True)[:2])
    return {
        "control": control,
        "severity": Priority(control.priority).value,
        "criterion": answers[0] if len(answers) == 1 else "",
        "evidence_required": control.evidence_expected,
        "owner": control.owner,
    }


def _found(rows: Any, key: str | None) -> Any:
    try:
        return rows.filter(pk=UUID(key)).first() if key else None
    except ValueError:
        return None
