"""The review of the fourth quarter, under way: all but one reviewer have decided, and one of them is on leave."""

from accounts.models import Member
from example.dates import Calendar
from example.deciding import decide_items, items_of, keeps
from example.importing import SetUpFailed, run_now
from example.roster import MOVER
from example.sources.payments import CREATES_AND_APPROVES
from example.third_quarter import INSTRUCTIONS
from inventory.models import Person, System
from inventory.people.actions import mark_on_leave
from reviews.campaigns.actions import create_campaign, start_campaign
from reviews.deciding.reassign import reassign_items
from reviews.deciding.rules import Choice
from reviews.models import Campaign, Item
from reviews.tasks import start

OVERDUE = "anita.desai@larkfield.example"
ON_LEAVE, STANDS_IN = "chloe.martin@larkfield.example", "daniel.osei@larkfield.example"
SHARE_DECIDED = 0.68


def begin_fourth_quarter(calendar: Calendar, systems: list[System], *, manager: Member) -> Campaign:
    """Start it, hand over what was a manager's on leave, and decide 68 % of it."""
    campaign = create_campaign(
        quarter=calendar.fourth, systems=systems, due_on=calendar.fourth_due, instructions=INSTRUCTIONS, actor=manager
    )
    run_now(start, start_campaign(campaign, actor=manager), str(campaign.pk))
    campaign = campaign.refreshed()
    _hand_over(campaign, manager)
    items = items_of(campaign)
    late = [item for item in items if item.reviewer is not None and item.reviewer.email == OVERDUE]
    others = [item for item in items if item not in late]
    missing = round(SHARE_DECIDED * len(items)) - len(others)
    if not 0 <= missing <= len(late):
        raise SetUpFailed(f"{len(others)} of {len(items)} items are with others: not two thirds.")
    # From the end: the first rows of the list are still to be decided, for a visitor to try.
    decide_items([*others, *late[len(late) - missing :]], _choice)
    return campaign


def _hand_over(campaign: Campaign, manager: Member) -> None:
    away, instead = (Person.objects.get(email=email) for email in (ON_LEAVE, STANDS_IN))
    mark_on_leave(away, actor=manager, note="Parental leave.")
    theirs = campaign.items.filter(reviewer=away)
    result = reassign_items(
        theirs, campaign=campaign, to=instead, reason="Chloé is on parental leave; Daniel leads both teams.", actor=manager
    )
    if result.refused:
        raise SetUpFailed(next(iter(result.refused.values())))


def _choice(item: Item) -> Choice:
    who, role = item.subject_name, item.entitlement.role
    if "leaver" in item.flags:
        return Choice(Item.Decision.REVOKE, reason_code=Item.Reason.LEFT)
    if "regranted" in item.flags:
        return Choice(
            Item.Decision.REVOKE, reason_code=Item.Reason.NEVER_NEEDED, reason="Removed last quarter; nobody asked for it."
        )
    if "unused_90" in item.flags:
        return Choice(Item.Decision.REVOKE, reason_code=Item.Reason.NOT_USED)
    if item.account.name == MOVER and item.system.name == "Customer console":
        return Choice(Item.Decision.REVOKE, reason_code=Item.Reason.MOVED, reason=f"{who} works in Finance now.")
    if item.account.name.startswith(CREATES_AND_APPROVES) and role == "Approve payouts":
        words = "May create and approve the same payout."
        return Choice(Item.Decision.MODIFY, reason_code=Item.Reason.OTHER, reason=words, target_role="View payments")
    return keeps(item)
