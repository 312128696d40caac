"""Payments: the provider's export of team members, read by a mapping."""

from collections.abc import Iterator

from example.roster import EVERYBODY, MOVER
from example.sources.population import Export, File, Login, Right, Source, Verdict, login_of, number, since
from example.sources.writing import csv_bytes
from inventory.formats.mapping import Mapping

_CREATE, _APPROVE, _VIEW, _DEVELOPER = "Create payouts", "Approve payouts", "View payments", "Developer"
CREATES_AND_APPROVES = "priya.nair"
_PAYMENT_ROLES = {
    "victor.lindqvist": (_APPROVE, _VIEW), CREATES_AND_APPROVES: (_CREATE, _APPROVE), "sofia.russo": (_CREATE, _VIEW),
    "grace.bauer": ("Account administrator",), "laura.novak": (_DEVELOPER,), "dmitri.ivanov": (_DEVELOPER,),
    "maria.santos": (_VIEW, "Refund payments"), "helen.marsh": (_VIEW, _APPROVE),
}  # fmt: skip
LEDGER = "ledger-sync"


def _payments_user(key: str, *roles: str) -> Login:
    by = EVERYBODY["victor.lindqvist"].email
    return login_of(key, *(Right(role, granted=since(key + role), by=by) for role in roles), name=EVERYBODY[key].email)


def _base() -> list[Login]:
    logins = [_payments_user(key, *roles) for key, roles in _PAYMENT_ROLES.items()]
    return [*logins, Login(LEDGER, display="Ledger synchronisation", used=0, rights=[Right(_DEVELOPER, granted=800)])]


def _no_extras() -> Iterator[tuple[str, Right]]:
    yield from ()


def _write(logins: list[Login], export: Export) -> list[File]:
    rows = [["Team member ID", "Sign-in", "Name", "E-mail", "Role", "Last activity", "Added on", "Added by"]]
    for login in logins:
        who = [f"tm_{number(login.name):x}", login.name, login.display, login.email]
        rows += [[*who, right.role, export.used(login.used), export.granted(right.granted), right.by] for right in login.rights]
    return [("payments-team.csv", csv_bytes(rows))]


def _mapping() -> Mapping:
    columns = {
        "account_id": "Team member ID", "account_name": "Sign-in", "display_name": "Name", "email": "E-mail", "role": "Role",
        "last_used_at": "Last activity", "granted_at": "Added on", "granted_by": "Added by",
    }  # fmt: skip
    return Mapping(columns=columns, privileged_values=["Account administrator", _APPROVE])


def _newcomers() -> list[Login]:
    """The mover from Support."""
    return [_payments_user(MOVER, _CREATE)]


SOURCE = Source(
    name="Payments",
    accounts=9,
    entitlements=14,
    base=_base,
    newcomers=_newcomers,
    extras=_no_extras,
    write=_write,
    mapping=_mapping,
    stated_unit="entitlements",
    headings="Settings, Team, Export team members",
    verdicts=(
        Verdict(EVERYBODY["dmitri.ivanov"].email, _DEVELOPER, "", "moved", "Works on search now."),
        Verdict(
            EVERYBODY["maria.santos"].email, "Refund payments", "", "never_needed", "The console does it.", target="View refunds"
        ),
    ),
)
