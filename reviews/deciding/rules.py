"""Who may decide on an item, and what a decision must say. Every path asks here: screen, bulk, task and reassignment."""

from dataclasses import dataclass

from inventory.models import Person
from reviews.campaigns.routing import Asked
from reviews.models import Campaign, Item
from ui.refusals import ActionRefused

OWN_ACCESS = "Nobody decides on their own access."
NOT_ON_ROSTER = "Your account is not linked to a person of the roster. A compliance manager can link it."
ALONE = "Flagged: {flags}. Decide on this row by itself, with a reason."
ALONE_PRIVILEGED = "Privileged access is kept row by row, never in bulk."


def may_decide(item: Item, asked: Asked) -> bool:
    """Whether this person may decide on this item now."""
    return not why_not(item, asked)


def why_not(item: Item, asked: Asked) -> str:
    """Why this person may not decide on this item now, as a sentence; empty when they may.

    They decide on what is with them, and on what is with somebody who is away and for whom they stand in.
    Looks at the item's campaign, account and reviewer: fetch them along when asking for many.
    """
    person = asked.person
    if item.campaign.status != Campaign.Status.ACTIVE:
        state = item.campaign.get_status_display().lower()
        return f"{item.campaign} is {state}: its decisions cannot be changed."
    if person is None:
        return NOT_ON_ROSTER
    if is_own(item, person):
        return OWN_ACCESS
    if item.reviewer_id not in asked.ids:
        return f"This item is with {item.reviewer.name} now." if item.reviewer else "This item has no reviewer."
    if person.status == Person.Status.LEFT:
        return "Somebody who has left decides no more."
    return ""


def is_own(item: Item, person: Person) -> bool:
    """Whether the access is this person's: as the item was made, or as the account has been matched since."""
    return person.pk in {item.subject_id, item.account.person_id}


def decided_on_own(item: Item) -> bool:
    """Whether the account has turned out, since the decision, to be that of whoever decided."""
    return bool(item.decision) and item.decider_id is not None and item.decider_id == item.account.person_id


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision with what it must say. Without `decision` it takes an earlier one back."""

    decision: str = ""
    reason_code: str = ""
    reason: str = ""
    target_role: str = ""

    def refusal(self, item: Item, *, in_bulk: bool = False) -> ActionRefused | None:
        """What is missing or not allowed for this item; None when nothing is."""
        check = {Item.Decision.RETAIN: self._keep, Item.Decision.REVOKE: self._remove, Item.Decision.MODIFY: self._change}
        if self.decision == "":
            return None
        if self.decision not in check:
            return ActionRefused("Choose Keep, Remove or Change.", field="decision")
        return check[Item.Decision(self.decision)](item, in_bulk=in_bulk)

    def _keep(self, item: Item, *, in_bulk: bool) -> ActionRefused | None:
        if in_bulk and item.flagged:
            return ActionRefused(ALONE.format(flags=item.flag_words))
        if in_bulk and item.privileged:
            return ActionRefused(ALONE_PRIVILEGED)
        if item.flagged and not self.reason.strip():
            return ActionRefused(f"Say why they should keep it: the row is flagged ({item.flag_words}).", field="reason")
        return None

    def _remove(self, item: Item, *, in_bulk: bool) -> ActionRefused | None:
        if self.reason_code not in Item.Reason.values:
            return ActionRefused("Choose a reason.", field="reason_code")
        if self.reason_code == Item.Reason.OTHER and not self.reason.strip():
            return ActionRefused("Say which other reason.", field="reason")
        return None

    def _change(self, item: Item, *, in_bulk: bool) -> ActionRefused | None:
        target = self.target_role.strip()
        if not target:
            return ActionRefused("Say which role they should have instead.", field="target_role")
        if target.casefold() == item.entitlement.role.casefold():
            return ActionRefused("This is the role they have now. Choose another, or Keep.", field="target_role")
        return self._remove(item, in_bulk=in_bulk)

    @property
    def word(self) -> str:
        """The decision in a word, for a sentence."""
        words = {"retain": "kept", "revoke": "to be removed", "modify": "to be changed"}
        return words.get(self.decision, "to be decided again")

    def columns(self) -> dict[str, str]:
        """The item's columns that say it; what does not belong to the decision is empty."""
        removes = self.decision in {Item.Decision.REVOKE, Item.Decision.MODIFY}
        return {
            "decision": self.decision,
            "reason_code": self.reason_code if removes else "",
            "reason": self.reason.strip() if self.decision else "",
            "target_role": self.target_role.strip() if self.decision == Item.Decision.MODIFY else "",
        }


KEEP = Choice(Item.Decision.RETAIN)
TAKE_BACK = Choice()
