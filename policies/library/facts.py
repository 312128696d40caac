"""What is known of the organization that a starter's text names."""

from collections import Counter
from typing import get_args

from controls.library.starter import OwnerRole
from controls.models import Control
from incidents.settings import settings_of_incidents
from inventory.models import Person, System
from tenancy.models import current_organization

NAMED = 8  # so many systems are named; the others are counted
_UNITS = ((24 * 60, "day"), (60, "hour"), (1, "minute"))


def owners_by_role() -> dict[str, Person]:
    """For each role that owns controls, the person who owns most of them."""
    rows = Control.objects.filter(status=Control.Status.ACTIVE, owner__isnull=False).exclude(owner__status=Person.Status.LEFT)
    counted: dict[str, Counter[Person]] = {}
    for control in rows.select_related("owner").order_by("code"):
        if control.owner is not None:
            counted.setdefault(control.owner_role, Counter())[control.owner] += 1
    return {role: people.most_common(1)[0][0] for role, people in counted.items()}


def facts(owners: dict[str, Person]) -> dict[str, str]:
    """The words for each name in braces in the texts."""
    return {
        "organization": current_organization().name,
        "systems": _systems(),
        "executive": _role("Chief executive", owners),
        **{role.lower().replace(" ", "_"): _role(role, owners) for role in get_args(OwnerRole) if role != "Chief executive"},
        **{f"acknowledge_{severity}": _acknowledged(severity) for severity in ("critical", "high", "medium", "low")},
    }


def _role(role: str, owners: dict[str, Person]) -> str:
    words = f"the {role if role.split(maxsplit=1)[0].isupper() else role.lower()}"
    return f"{words} ({owners[role].name})" if role in owners else words


def _systems() -> str:
    names = list(System.objects.filter(status=System.Status.ACTIVE).order_by("name").values_list("name", flat=True))
    if not names:
        return "the systems in the register of systems"
    if len(names) > NAMED:
        rest = len(names) - NAMED + 1
        return f"{', '.join(names[: NAMED - 1])} and {rest} others"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _acknowledged(severity: str) -> str:
    minutes = settings_of_incidents().minutes_for(severity)
    size, unit = next((size, unit) for size, unit in _UNITS if minutes % size == 0)
    count = minutes // size
    return f"{count} {unit}{'' if count == 1 else 's'}"
