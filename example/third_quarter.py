"""The review of the third quarter, from the start to the close."""

import datetime as dt

from accounts.models import Member
from example.dates import Calendar
from example.deciding import decide_items, items_of, keeps
from example.importing import SetUpFailed, run_now
from example.sources.all import BY_NAME
from example.sources.population import Verdict
from inventory.models import Person, Removal, System
from inventory.removals.actions import accept, claim
from reviews.campaigns.actions import create_campaign, start_campaign
from reviews.deciding.rules import Choice
from reviews.models import Campaign, Item
from reviews.signoff.actions import close_campaign, removals_of, sign_off
from reviews.tasks import start

KEPT_ALL_AT_ONCE = "ravi.menon@larkfield.example"
INSTRUCTIONS = (
    "Ask of each row whether this person needs it for the work they do now. Remove what nobody has used for a quarter unless you"
    " know why it is kept. Write to security if a row is not yours."
)
_ACCEPTED = {
    "AWS production": ("The nightly comparison still signs in with it; its successor comes with the next release.", 45),
    "Production PostgreSQL": ("Corrects migrated invoices until the migration ends.", 60),
}


def run_third_quarter(calendar: Calendar, systems: list[System], *, manager: Member) -> Campaign:
    """Prepare, start, decide and sign off."""
    # Due today: the decisions are made today, and the report would call them late by months.
    campaign = create_campaign(
        quarter=calendar.third, systems=systems, due_on=calendar.today, instructions=INSTRUCTIONS, actor=manager
    )
    run_now(start, start_campaign(campaign, actor=manager), str(campaign.pk))
    campaign = campaign.refreshed()
    decide_items(items_of(campaign), _choice, at_once=Person.objects.get(email=KEPT_ALL_AT_ONCE))
    sign_off(campaign, actor=manager, note="Looked through with the heads of Engineering, Support and Finance.")
    return campaign.refreshed()


def verdict_of(system: str, account: str, role: str, resource: str) -> Verdict | None:
    """What was decided to go; None for what is kept."""
    return next((one for one in BY_NAME[system].verdicts if one.spoken == (account, role, resource)), None)


def _choice(item: Item) -> Choice:
    verdict = verdict_of(item.system.name, item.account.name, item.entitlement.role, item.entitlement.resource)
    if verdict is None:
        return keeps(item)
    decision = Item.Decision.MODIFY if verdict.target else Item.Decision.REVOKE
    return Choice(decision, reason_code=verdict.reason, reason=verdict.words, target_role=verdict.target)


def _removals(campaign: Campaign) -> list[tuple[Removal, Verdict]]:
    found = []
    for removal in removals_of(campaign).select_related("account", "system", "assignee__member__user").order_by("reference"):
        verdict = verdict_of(removal.system.name, removal.account.name, removal.role, removal.resource)
        if verdict is None:
            raise SetUpFailed(f"{removal} is not part of the story.")
        found.append((removal, verdict))
    return found


def claim_what_was_done(campaign: Campaign, members: dict[str, Member]) -> None:
    """Report done whatever is not to be accepted; one of them is not done."""
    for removal, verdict in _removals(campaign):
        if verdict.outcome != "accepted":
            claim(removal, actor=_owner(removal, members), note="Done in the system's administration.")


def do_in_earnest(campaign: Campaign, members: dict[str, Member]) -> None:
    """The one that was still active is done, and reported again."""
    for removal, verdict in _removals(campaign):
        if verdict.outcome == "late":
            claim(removal, actor=_owner(removal, members), note="It was also given by a team; taken out of the team.")


def accept_what_stays(campaign: Campaign, calendar: Calendar, *, manager: Member) -> None:
    """Two stay for a while, by name and with an end."""
    for removal, verdict in _removals(campaign):
        if verdict.outcome == "accepted":
            reason, days = _ACCEPTED[removal.system.name]
            accept(removal, actor=manager, reason=reason, until=calendar.today + dt.timedelta(days=days))


def close_third_quarter(campaign: Campaign, *, manager: Member) -> None:
    """Nothing is open any more."""
    close_campaign(campaign.refreshed(), actor=manager, note="46 verified at once, 1 after it was reopened, 2 accepted by name.")


def _owner(removal: Removal, members: dict[str, Member]) -> Member:
    """The member of whoever it is with."""
    if removal.assignee is None or removal.assignee.email not in members:
        raise SetUpFailed(f"{removal} is with nobody.")
    return members[removal.assignee.email]
