"""Who of the example signs in, with which roles."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from accounts.actions import accept_invitation, confirm_authenticator, invite_member
from accounts.models import Member, TotpDevice, User
from audit.actions import action
from audit.actors import Actor, System
from audit.record import record
from example.roster import EVERYBODY

# Documented, and the same for everybody: the example is refused on any address but this machine's own.
PASSWORD = "Level-Tower-47-Brass"  # noqa: S105
SETUP = System("set-up of the example")


@dataclass(frozen=True, slots=True)
class Seat:
    """One of them. `does` completes a line of the list that bin/run prints; who is `external` leaves after the audit."""

    email: str
    name: str
    roles: tuple[str, ...]
    does: str
    external: bool = False


def _seat(key: str, *roles: str, does: str) -> Seat:
    one = EVERYBODY[key]
    return Seat(one.email, one.name, roles, does)


LARKFIELD: tuple[Seat, ...] = (
    _seat("grace.bauer", "administrator", "reviewer", does="administrator, and reviewer of Okta and Google Workspace"),
    _seat("samuel.price", "compliance_manager", does="compliance manager: runs and signs off the reviews"),
    _seat("anita.desai", "reviewer", does="reviewer of GitHub, overdue"),
    _seat("tomas.ferreira", "reviewer", does="reviewer of AWS and PostgreSQL; a removal of his is still active"),
    _seat("maria.santos", "reviewer", does="reviewer of the customer console and of her own team"),
    _seat("victor.lindqvist", "reviewer", "executive", does="CFO: executive, and reviewer of payments"),
    _seat("judith.klein", "reviewer", does="reviewer of the HR system"),
    _seat("daniel.osei", "reviewer", does="reviewer of Sales, and of Marketing while its head is on leave"),
    _seat("chloe.martin", "reviewer", does="reviewer, on leave"),
    _seat("ravi.menon", "reviewer", does="reviewer of Product, who kept everything in one act"),
    _seat("helen.marsh", "executive", does="CEO: executive"),
    _seat("nora.fischer", "approver", does="approver"),
    _seat("priya.nair", "approver", does="approver"),
    _seat("yuki.tanaka", "approver", does="approver"),
    _seat("lena.vogel", "approver", does="approver"),
    Seat(
        "ruth.adler@hollis-audit.example",
        "Ruth Adler",
        ("auditor",),
        "external auditor until the audit is over: reads everything, asks for what is missing and judges what is given",
        external=True,
    ),
    _seat("rosa.mendes", "viewer", does="viewer"),
    _seat("kevin.doyle", "employee", does="employee"),
    _seat("emily.carter", "employee", does="employee"),
    _seat("jorge.molina", "employee", does="employee"),
)


def seat_all(seats: Iterable[Seat], *, audit_ends_on: dt.date | None = None) -> dict[str, Member]:
    """Invite everybody and let them join, each with an authenticator; by e-mail.

    The compliance manager invites the others, who may do no more than that role; those before are the set-up's.
    """
    members: dict[str, Member] = {}
    actor: Actor = SETUP
    # Hashed once: a password that is printed on the screen gains nothing from a salt of its own for each person.
    hashed = make_password(PASSWORD)
    for seat in seats:
        member = _join(seat, hashed, actor, audit_ends_on if seat.external else None)
        members[seat.email] = member
        if actor is SETUP and "compliance_manager" in seat.roles:
            actor = member
    return members


def _join(seat: Seat, hashed: str, actor: Actor, until: dt.date | None) -> Member:
    invitation, _ = invite_member(email=seat.email, roles=seat.roles, name=seat.name, access_ends_on=until, actor=actor)
    member = accept_invitation(invitation, user=_create_user(seat, hashed))
    confirm_authenticator(member.user, TotpDevice.begin(member.user))
    return member


@action
def _create_user(seat: Seat, hashed: str) -> User:
    """As accounts.actions.accept_as_new_user does, but for the hash."""
    user = User(email=seat.email, name=seat.name, password=hashed)
    user.full_clean()
    user.save(force_insert=True)
    record("user.create", user, actor=user, after={"email": user.email, "name": user.name})
    return user
