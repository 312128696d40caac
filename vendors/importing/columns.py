"""The columns of the register as a file: what each holds, how a cell is written, and how it is read back."""

from collections.abc import Callable
from typing import Any

from django.db.models import Choices

from controls.catalogue.drafts import one_line, tidy
from evidence.tables.text import yes_or_no
from vendors.models import LINE, Vendor
from vendors.tiers import Access, Criticality, DataShared

COLUMNS: dict[str, str] = {
    "reference": "Number",
    "name": "Vendor",
    "website": "Website",
    "service": "What it does for us",
    "why": "Why it is needed",
    "owner": "Owner",
    "contacts": "Contacts",
    "systems": "Systems",
    "data_shared": "Data",
    "criticality": "Criticality",
    "access": "Access",
    "data_classes": "Data it gets",
    "locations": "Where it keeps or handles data",
    "subprocessors": "Subprocessors",
    "is_ai": "Supplies AI",
    "ai_sent": "What is sent to it",
    "ai_retention": "How long it keeps what is sent",
    "ai_training": "Trains its models with it",
    "notes": "Notes",
    "used_since": "In use since",
    "status": "State",
}
ALSO: dict[str, str] = {
    "name": "name", "vendor name": "name", "supplier": "name", "company": "name", "third party": "name", "number": "reference",
    "id": "reference", "url": "website", "web site": "website", "service": "service", "description": "service",
    "purpose": "service", "what it does": "service", "services": "service", "business owner": "owner", "internal owner": "owner",
    "contact": "contacts", "system": "systems", "data shared": "data_shared", "data access": "data_shared",
    "location": "locations", "data location": "locations", "sub processors": "subprocessors", "subprocessor": "subprocessors",
    "ai": "is_ai", "note": "notes", "comments": "notes", "start date": "used_since", "in use from": "used_since",
}  # fmt: skip
REQUIRED = ("name", "service", "data_shared", "criticality", "access")
LISTED = ("contacts", "data_classes", "locations", "subprocessors", "systems")
LIMITS = {"name": 200, "website": 200, "service": 300, "why": 4000, "notes": 10_000, "ai_sent": 4000, "ai_retention": 300}


def told(vendor: Vendor) -> dict[str, str]:
    """The cells of one, by field. Load its owner and its systems."""
    facts: dict[str, str] = {
        "owner": (vendor.owner.email or vendor.owner.name) if vendor.owner else "",
        "systems": "\n".join(sorted(row.system.name for row in vendor.systems.all())),
        "data_shared": str(vendor.get_data_shared_display()),
        "criticality": str(vendor.get_criticality_display()),
        "access": str(vendor.get_access_display()),
        "is_ai": "Yes" if vendor.is_ai else "No",
        "ai_training": str(vendor.get_ai_training_display()),
        "used_since": vendor.used_since.isoformat() if vendor.used_since else "",
        "status": str(vendor.get_status_display()),
    }
    for name in LISTED[:-1]:
        facts[name] = "\n".join(getattr(vendor, name))
    return {name: facts[name] if name in facts else str(getattr(vendor, name)) for name in COLUMNS}


def _chosen(choices: type[Choices]) -> Callable[[str], Any]:
    known: dict[str, Any] = {str(label).casefold(): value for value, label in choices.choices}
    known |= {str(value).casefold(): value for value, _ in choices.choices}

    def read(text: str) -> Any:
        key = one_line(text).casefold()
        if key not in known:
            names = "; ".join(str(label) for _, label in choices.choices)
            raise ValueError(f"“{one_line(text)[:60]}” is none of: {names}." if key else f"is empty, and is one of: {names}.")
        return known[key]

    return read


def _yes(text: str) -> bool:
    found = yes_or_no(text) if text.strip() else False
    if found is None:
        raise ValueError("Write yes or no.")
    return found


def _lines(text: str) -> list[str]:
    found = list(dict.fromkeys(filter(None, (one_line(part) for part in tidy(text).split("\n")))))
    if any(len(one) > LINE for one in found):
        raise ValueError(f"A line has at most {LINE} characters.")
    return found


READERS: dict[str, Callable[[str], Any]] = {
    "reference": one_line,
    "name": one_line,
    "website": one_line,
    "service": one_line,
    "ai_retention": one_line,
    "owner": one_line,
    "data_shared": _chosen(DataShared),
    "criticality": _chosen(Criticality),
    "access": _chosen(Access),
    "ai_training": _chosen(Vendor.Training),
    "status": _chosen(Vendor.Status),
    "is_ai": _yes,
    **dict.fromkeys(LISTED, _lines),
}
