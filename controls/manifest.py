"""The words "controls" and "requests" of new evidence, and what an item proves, for its page."""

import re
import uuid
from collections.abc import Iterator

from django.db.models import Value
from django.db.models.functions import Upper

from audit.actors import Actor
from controls.evidence import attach
from controls.models import Control, ControlEvidence
from controls.models.control import Leg
from controls.requests import asked
from controls.status.keep import refresh
from evidence.importing.linkers import REQUESTS, Linker, register_linker
from evidence.links import Proof, register_proofs
from evidence.models import Evidence

_LEGS = {**{leg.value: leg.value for leg in Leg}, **{str(leg.label).lower(): leg.value for leg in Leg}}
_BETWEEN = re.compile(r"[;,]")


def _pairs(text: str) -> list[tuple[str, str]]:
    """(code, leg as written) for each, such as "AC-001; AC-002:policy"; what names no leg shows the operation."""
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    pairs = [part.partition(":") for part in parts]
    return [(code.strip().upper(), leg.strip().lower() or Leg.OPERATION.value) for code, _, leg in pairs]


def check(text: str) -> list[str]:
    """A sentence for each control that does not exist, and each leg that is none."""
    pairs = _pairs(text)
    known = set(Control.objects.filter(code__in=[code for code, _ in pairs]).values_list("code", flat=True))
    missing = [f"There is no control {code[:40]}." for code, _ in pairs if code not in known]
    legs = ", ".join(Leg.values)
    return missing + [f"“{leg[:40]}” is no leg of a control. Use one of {legs}." for _, leg in pairs if leg not in _LEGS]


def link(evidence: Evidence, text: str, actor: Actor) -> None:
    """Let the item stand for each of them. Raises ActionRefused."""
    pairs = dict.fromkeys((code, _LEGS[leg]) for code, leg in _pairs(text))
    controls = {one.code: one for one in Control.objects.filter(code__in=[code for code, _ in pairs]).select_related("owner")}
    for code, leg in pairs:
        attach(controls[code], evidence, leg, actor=actor)
    refresh([one.pk for one in controls.values()])


def named(file_name: str) -> str:
    """The code with which the name of a file begins, the longest of several; empty when it begins with none."""
    name = file_name.upper()
    codes = Control.objects.alias(name=Value(name)).filter(name__startswith=Upper("code")).values_list("code", flat=True)
    found = [code for code in codes if not name[len(code) : len(code) + 1].isalnum()]
    return max(found, key=len, default="")


def proofs(evidence_id: uuid.UUID) -> Iterator[Proof]:
    """The controls that an item stands for, and of what."""
    rows = ControlEvidence.objects.filter(evidence=evidence_id, status=ControlEvidence.Status.LINKED)
    for row in rows.select_related("control", "occurrence").order_by("control__code", "leg"):
        leg = row.get_leg_display()
        detail = f"{leg}, {row.occurrence.label}" if row.occurrence else leg
        yield Proof("Control", str(row.control), row.control.get_absolute_url(), detail)


def register() -> None:
    """Take care of the column, and name the controls on an item's page."""
    register_linker(Linker(check, link, named))
    register_linker(Linker(asked.check, asked.link, of=REQUESTS))
    register_proofs(proofs)
