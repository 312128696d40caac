"""The product's own rules: what it finds of its accounts, sessions and tokens that a policy here does not allow.

Each gives the breaches that hold at a moment, as far as an organization is concerned. No password is ever read: of a password
its way of being stored is known, and that one was refused.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, get_hasher, identify_hasher
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Member, ProviderIdentity, Session, Token
from accounts.models.member import IS_PLAIN
from accounts.models.passkey import has_own_factor
from accounts.sessions import LIFETIME
from audit.models import AuditEvent
from controls.models.control import Priority
from tenancy.models import Organization

SETTLE = dt.timedelta(days=1)  # from becoming a member until a second factor is there
REFUSED_FOR = dt.timedelta(days=1)  # so long a refused password counts unless another was set
SLACK = dt.timedelta(minutes=5)
TOKEN_AGE = dt.timedelta(days=180)
PASSWORD_RULE = "password rule"  # noqa: S105 - what accounts.views.account writes down, not a password


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that holds now: of which account, where, and by what it is the same as before."""

    member: Member
    resource: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is not allowed, how grave it is, and what puts it right."""

    key: str
    title: str
    remedy: str
    severity: str
    found: Callable[[Organization, dt.datetime], Iterator[Breach]]


def people(organization: Organization) -> QuerySet[Member]:
    """Those who may enter, without the accounts of programs."""
    active = Member.objects.active().filter(organization=organization, user__is_service=False)
    return active.select_related("user").order_by("pk")


def without_factor(organization: Organization, at: dt.datetime) -> Iterator[Breach]:
    """Who has neither authenticator nor passkey a day after they came, and for whom no provider's second factor serves."""
    linked = ProviderIdentity.objects.filter(
        member=OuterRef("pk"), status="linked", provider__status="active", provider__factor_at__isnull=False
    )
    late = people(organization).filter(created_at__lt=at - SETTLE).exclude(has_own_factor(OuterRef("user")))
    late = late.exclude(Exists(linked) & IS_PLAIN)
    for member in late:
        yield Breach(member, "Account in Plumbline", str(member.pk))


def old_passwords(organization: Organization, _at: dt.datetime) -> Iterator[Breach]:
    """Whose password was set under an older rule, and not used since: it is stored in another way than is asked for now."""
    for member in people(organization).exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX):
        if is_outdated(member.user.password):
            yield Breach(member, "Password in Plumbline", str(member.pk))


def is_outdated(stored: str) -> bool:
    """Whether a stored password is not kept as one that is set today. What cannot be read is."""
    preferred = get_hasher()
    try:
        kept = identify_hasher(stored)
    except ValueError:
        return True
    return kept.algorithm != preferred.algorithm or preferred.must_update(stored)


def refused_passwords(organization: Organization, at: dt.datetime) -> Iterator[Breach]:
    """Who tried to set a password that breaks the rule within a day, and has set none since. Nothing was changed by that."""
    tries: dict[object, dt.datetime] = {}
    events = AuditEvent.objects.filter(verb="password.change", at__gte=at - REFUSED_FOR, actor_id__isnull=False)
    for event in events.order_by("at", "id"):
        if event.result == "success":
            tries.pop(event.actor_id, None)
        elif event.data["metadata"].get("reason") == PASSWORD_RULE:
            tries[event.actor_id] = event.at
    for member in people(organization).filter(pk__in=list(tries)):
        yield Breach(member, "Password in Plumbline", str(member.pk))


def long_sessions(organization: Organization, at: dt.datetime) -> Iterator[Breach]:
    """Who has a session that would last longer than sessions may."""
    long = Session.objects.filter(user=OuterRef("user"), expire_date__gt=at + LIFETIME + SLACK)
    for member in people(organization).filter(Exists(long)):
        yield Breach(member, "Session in Plumbline", str(member.pk))


def old_tokens(organization: Organization, at: dt.datetime) -> Iterator[Breach]:
    """Tokens that work and are older than half a year, with whoever answers for them."""
    old = Token.objects.usable().of(organization).filter(created_at__lt=at - TOKEN_AGE)
    for token in old.select_related("member__user", "created_by__user").order_by("pk"):
        if token.member.is_active:
            whose = token.created_by if token.member.user.is_service else token.member
            yield Breach(whose, f"API token {token}"[:200], str(token.pk))


RULES = (
    Rule(
        key="second_factor",
        title="An account without a second factor",
        remedy="An authenticator or a passkey is set up at the next sign-in, or the account is removed.",
        severity=Priority.HIGH,
        found=without_factor,
    ),
    Rule(
        key="password_age",
        title="A password from before the present rule",
        remedy="It is changed under Account, or used once: it is then kept in the present way.",
        severity=Priority.MEDIUM,
        found=old_passwords,
    ),
    Rule(
        key="password_rule",
        title="A password that breaks the rule was refused",
        remedy="Nothing was changed. It ends when a password is set that keeps the rule, or a day later.",
        severity=Priority.LOW,
        found=refused_passwords,
    ),
    Rule(
        key="session_age",
        title="A session that lasts longer than sessions may",
        remedy="It is ended under Account, Sessions.",
        severity=Priority.HIGH,
        found=long_sessions,
    ),
    Rule(
        key="token_age",
        title="An API token that is older than half a year",
        remedy="Another token takes its place, and it is revoked.",
        severity=Priority.MEDIUM,
        found=old_tokens,
    ),
)
