"""Deciding as reviewers do: plain rows in bulk, the others one by one with a reason."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from accounts.models import Member
from example.importing import SetUpFailed
from inventory.models import Person
from reviews.deciding.actions import decide, decide_many
from reviews.deciding.rules import KEEP, Choice
from reviews.models import Campaign, Item

WORDS = {
    "shared": "Used by whoever is on duty; the password is in the vault and changes each quarter.",
    "service": "Runs by itself; the systems list says what for.",
    "unmatched": "Works every week; we are finding out whose it is.",
    "unused_90": "Comes back from long leave next month.",
    "use_unknown_privileged": "The source keeps no last use; the person confirmed needing it.",
    "never_reviewed": "New since the last review, asked for by the manager.",
    "regranted": "Needed again; asked for by the manager.",
}


def items_of(campaign: Campaign) -> list[Item]:
    """All items in order, with what a choice looks at."""
    related = ("account", "entitlement", "system", "reviewer__member__user")
    return list(campaign.items.select_related(*related).order_by("position"))


def keeps(item: Item) -> Choice:
    """Keep, with words where the row asks for them."""
    words = " ".join(WORDS[flag] for flag in item.flags if flag in WORDS)
    return Choice(Item.Decision.RETAIN, reason=words) if item.flagged else KEEP


def decide_items(items: Iterable[Item], choose: Callable[[Item], Choice], *, at_once: Person | None = None) -> None:
    """Each reviewer decides: plain keeps in bulk, system by system, or all at once by the person `at_once`; all else singly."""
    plain: dict[tuple[Person, str], list[Item]] = defaultdict(list)
    for item in items:
        if item.reviewer is None:
            raise SetUpFailed(f"{item} has no reviewer.")
        choice = choose(item)
        if choice == KEEP and not item.privileged:
            plain[item.reviewer, "" if item.reviewer == at_once else item.system.name].append(item)
        elif item.reviewer == at_once:
            raise SetUpFailed(f"{item} cannot be kept in bulk.")
        else:
            decide(item, choice, actor=_member(item.reviewer))
    for (reviewer, _), found in plain.items():
        keep_in_bulk(found, _member(reviewer))


def keep_in_bulk(items: list[Item], actor: Member) -> None:
    """Keep them all in one act. Raises SetUpFailed when one is refused."""
    campaign = items[0].campaign
    result = decide_many(campaign.items.filter(pk__in=[item.pk for item in items]), KEEP, campaign=campaign, actor=actor)
    if result.refused:
        raise SetUpFailed(next(iter(result.refused.values())))


def _member(person: Person) -> Member:
    if person.member is None:
        raise SetUpFailed(f"{person} has no account here.")
    return person.member
