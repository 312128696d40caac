"""Taking starters: each becomes a draft of the organization's own."""

from collections.abc import Collection

from accounts.models import Member
from audit.actions import action
from controls.models import Control
from inventory.models import Person
from policies.library.facts import facts, owners_by_role
from policies.library.starters import STARTERS, Starter
from policies.models import Policy
from policies.register.actions import create_policy
from ui.refusals import ActionRefused


def taken() -> set[str]:
    """The keys of those that are in use here."""
    rows = Policy.objects.filter(status=Policy.Status.ACTIVE).exclude(library_key="")
    return set(rows.values_list("library_key", flat=True))


def offered() -> list[Starter]:
    """Those that are not."""
    known = taken()
    return [one for one in STARTERS if one.key not in known]


@action
def take_starters(keys: Collection[str], *, actor: Member) -> list[Policy]:
    """Make drafts of them with the organization's facts, mapped to its controls. Raises ActionRefused."""
    chosen = [one for one in offered() if one.key in set(keys)]
    if not chosen:
        raise ActionRefused("Choose what to begin with.", field="starters")
    owners, own = owners_by_role(), Person.objects.filter(member=actor.pk).first()
    known, controls = facts(owners), _controls()
    return [
        create_policy(
            actor=actor,
            title=one.title,
            kind=one.kind,
            owner=owners.get(one.owner_role, own),
            criteria=one.criteria,
            controls=[control for key in one.controls for control in controls.get(key, ())],
            text=one.text(known),
            library_key=one.key,
        )
        for one in chosen
    ]


def _controls() -> dict[str, list[Control]]:
    found: dict[str, list[Control]] = {}
    for control in Control.objects.filter(status=Control.Status.ACTIVE).exclude(library_key="").order_by("code"):
        found.setdefault(control.library_key, []).append(control)
    return found
