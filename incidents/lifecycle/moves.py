"""What a member may do to an incident now: one primary act, and the others."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import Member
from incidents import hooks
from incidents.hooks import Unfinished
from incidents.lifecycle.ending import needed
from incidents.models import Incident
from incidents.rights import may_run, may_work

Status = Incident.Status


@dataclass(frozen=True, slots=True)
class Move:
    """A button: a form in a dialog, or with `post` an act by itself. `key` presses it."""

    label: str
    url: str
    tone: str = ""
    key: str = ""
    post: bool = False
    confirm: str = ""
    whole: bool = False  # a page of its own rather than a dialog


@dataclass(frozen=True, slots=True)
class Moves:
    """What the head of the page offers."""

    primary: Move | None
    others: list[Move]
    lacking: list[str]  # what closing still needs
    going: list[Unfinished]  # what is not finished when it is closed


def moves_of(incident: Incident, member: Member) -> Moves:
    """What this member may do now, the most pressing first."""
    runs, works = may_run(member, incident), may_work(member, incident)
    lacking = list(needed(incident)) if incident.status == Status.RESOLVED else []
    going = hooks.unfinished(incident) if incident.status in {Status.RESOLVED, Status.CLOSED} else []
    found = [*_working(incident), *_ending(incident, runs=runs, ready=not lacking)] if works else []
    first = next((move for move in found if move.tone == "primary"), None)
    others = [_quiet(move) for move in found if move is not first]
    return Moves(first, others, lacking, going)


def _working(incident: Incident) -> Iterator[Move]:
    if incident.is_ongoing and incident.acknowledged_at is None:
        yield _post(incident, "Acknowledge", "acknowledge", "primary", "a")
    if incident.status in Incident.INVESTIGATE.sources:
        yield _post(incident, "Investigate", "investigate", "primary", "i")
    if incident.status in Incident.CONTAIN.sources:
        yield _form(incident, "Contain", "contain", "primary" if incident.status == Status.INVESTIGATING else "", "c")
    if incident.status in Incident.RESOLVE.sources:
        yield _form(incident, "Resolve", "resolve", "primary" if incident.status == Status.CONTAINED else "", "r")
    if not incident.is_over:
        yield Move("Edit", _url(incident, "edit"), key="e", whole=True)
        yield _form(incident, "People", "people", key="p")


def _ending(incident: Incident, *, runs: bool, ready: bool) -> Iterator[Move]:
    if runs and incident.status in Incident.CLOSE.sources and ready:
        yield _form(incident, "Close", "close", "primary")
    if incident.status in Incident.REOPEN.sources:
        yield _form(incident, "Open again", "reopen")
    if runs and incident.status in Incident.DISMISS.sources:
        yield _form(incident, "Dismiss", "dismiss")


def _quiet(move: Move) -> Move:
    tone = "" if move.tone == "primary" else move.tone
    return Move(move.label, move.url, tone, move.key, move.post, move.confirm, move.whole)


def _post(incident: Incident, label: str, name: str, tone: str = "", key: str = "") -> Move:
    return Move(label, _url(incident, name), tone, key, post=True)


def _form(incident: Incident, label: str, name: str, tone: str = "", key: str = "") -> Move:
    return Move(label, _url(incident, name), tone, key)


def _url(incident: Incident, name: str) -> str:
    return reverse(f"incidents:{name}", args=[incident.pk])
