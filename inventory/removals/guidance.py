"""What happens next with a removal, as a sentence."""

from inventory.models import Removal
from ui.values import exact, spelled


def next_step(removal: Removal) -> str:
    """Who must do what now."""
    if removal.came_back:
        return (
            f"The access was gone, but a later export of {removal.system.name} has it again. The next review asks about it; "
            "if it should not be there, remove it at the source, and the export after that will show it."
        )
    return _STEPS[removal.status](removal)


def _to_do(removal: Removal) -> str:
    who = removal.assignee.name if removal.assignee else "Nobody is assigned yet: somebody"
    return f"{who} has to {removal.task} in {removal.system.name}, then claim it done here."


def _claimed(removal: Removal) -> str:
    when = exact(removal.claimed_at) if removal.claimed_at else "the claim"
    shown = "changed" if removal.kind == Removal.Kind.CHANGE else "gone"
    return (
        f"Import the next full export of {removal.system.name} taken after {when}. "
        f"It will show whether the access is {shown}; nobody has to do anything else."
    )


def _still_active(removal: Removal) -> str:
    return f"The access was claimed done, but a later export still shows it. {_to_do(removal)}"


def _unverifiable(removal: Removal) -> str:
    return (
        f"The last export of {removal.system.name} could not show whether the access is gone. "
        "Import a complete one of the same kind, or accept it by name with an end."
    )


def _accepted(removal: Removal) -> str:
    return f"The access stays until {spelled(removal.accepted_until)}; after that the removal opens again."


def _over(removal: Removal) -> str:
    return "Nothing: it is done. Should the access come back in a later export, it is flagged as granted again."


def _withdrawn(removal: Removal) -> str:
    return "Nothing: it was withdrawn, because it no longer applied. The activity below says why."


_STEPS = {
    "requested": _to_do,
    "claimed": _claimed,
    "still_active": _still_active,
    "cannot_be_verified": _unverifiable,
    "accepted": _accepted,
    "verified_removed": _over,
    "verified_changed": _over,
    "withdrawn": _withdrawn,
}
