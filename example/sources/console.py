"""The customer console: its own export, read by a mapping."""

from collections.abc import Iterator

from example.roster import ALIASES, EVERYBODY, MOVER
from example.sources.population import NEW, Export, File, Login, Right, Source, Verdict, login_of, number, of_department, since
from example.sources.writing import csv_bytes
from inventory.formats.mapping import Mapping

_AGENT, _VIEWER, _REFUNDS, _LEAD = "Agent", "Viewer", "Refunds", "Agent lead"
_IMPERSONATE, _ADMINISTRATOR = "Impersonate customer", "Administrator"
_MEANINGS = {
    _AGENT: "Reads and answers customers' cases.", _VIEWER: "Reads customers' data.", _REFUNDS: "Refunds up to 500 dollars.",
    _LEAD: "Assigns cases and sees the team's work.", _IMPERSONATE: "Acts as the customer in the application.",
    _ADMINISTRATOR: "Everything in the console, including who may do what.",
}  # fmt: skip
GRANTED_AGAIN = ("carlos.vega", _IMPERSONATE)
_CONSOLE_OTHERS = (
    "victor.lindqvist", "priya.nair", "sofia.russo", "laura.novak", "dmitri.ivanov", "hana.suzuki", "tom.becker", "emily.carter",
    "carlos.vega", "anna.kowalski", "leila.aziz", "samuel.price",
)  # fmt: skip
KIOSK = "support-kiosk"


def _console_user(key: str, *roles: str) -> Login:
    email = ALIASES.get(key, EVERYBODY[key].email)
    if key == "kevin.doyle":
        email = "Kevin.Doyle@Larkfield.example"
    made = [Right(role, granted=since(key + role), by=EVERYBODY["maria.santos"].email) for role in roles]
    return login_of(key, *made, name=key, email=email)


def _base() -> list[Login]:
    agents = [*of_department("Support"), MOVER]
    roles = {
        "maria.santos": (_ADMINISTRATOR, _LEAD), "ivy.chan": (_ADMINISTRATOR,), "gordon.hayes": (_AGENT, _REFUNDS),
        MOVER: (_AGENT, _REFUNDS), "zoe.turner": (_AGENT, _REFUNDS), "amara.obi": (_AGENT, _REFUNDS),
        "hana.suzuki": (_ADMINISTRATOR,), "carlos.vega": (_VIEWER, _IMPERSONATE), "leila.aziz": (_VIEWER, _IMPERSONATE),
        "brenda.walsh": (_VIEWER, _REFUNDS), "jonas.lind": (_AGENT,), "samuel.price": (_ADMINISTRATOR,),
        "laura.novak": (_VIEWER, _IMPERSONATE), "anna.kowalski": (_VIEWER, _REFUNDS),
    }  # fmt: skip
    logins = [_console_user(key, *roles.get(key, (_AGENT,))) for key in agents]
    logins += [_console_user(key, *roles.get(key, (_VIEWER,))) for key in (*of_department("Sales"), *_CONSOLE_OTHERS)]
    return [*logins, Login(KIOSK, display="Support kiosk", used=1, rights=[Right(_VIEWER, granted=700)])]


def _newcomers() -> list[Login]:
    roles = {"Support": _AGENT, "Sales": _VIEWER}
    wanted = [(key, roles[EVERYBODY[key].department]) for key in NEW if EVERYBODY[key].department in roles]
    return [login_of(key, Right(role, granted=18, by=EVERYBODY["maria.santos"].email), name=key) for key, role in wanted]


def _extras() -> Iterator[tuple[str, Right]]:
    for role in (_VIEWER, _REFUNDS):
        for key in of_department("Support", "Sales", "Finance"):
            yield key, Right(role, granted=since(key + role), by=EVERYBODY["maria.santos"].email)


def _write(logins: list[Login], export: Export) -> list[File]:
    rows = [["User ID", "Username", "Full name", "E-mail", "Role", "What it allows", "Last login", "Granted on", "Granted by"]]
    for login in logins:
        who = [f"C{number(login.name)}", login.name, login.display, login.email]
        rows += [
            [*who, right.role, _MEANINGS[right.role], export.used(login.used), export.granted(right.granted), right.by]
            for right in login.rights
        ]
    return [("console-roles.csv", csv_bytes(rows))]


def _mapping() -> Mapping:
    columns = {
        "account_id": "User ID", "account_name": "Username", "display_name": "Full name", "email": "E-mail", "role": "Role",
        "meaning": "What it allows", "last_used_at": "Last login", "granted_at": "Granted on", "granted_by": "Granted by",
    }  # fmt: skip
    return Mapping(columns=columns, privileged_values=[_ADMINISTRATOR, _IMPERSONATE])


SOURCE = Source(
    name="Customer console",
    accounts=28,
    entitlements=51,
    base=_base,
    newcomers=_newcomers,
    extras=_extras,
    write=_write,
    mapping=_mapping,
    stated_unit="entitlements",
    headings="Console, Settings, Users and roles, Export all",
    again=((*GRANTED_AGAIN, ""),),
    verdicts=(
        Verdict("gordon.hayes", _AGENT, "", "left", "The last working day is in this quarter."),
        Verdict("gordon.hayes", _REFUNDS, "", "left", "The last working day is in this quarter."),
        Verdict("brenda.walsh", _REFUNDS, "", "never_needed", "Sales refunds nothing."),
        Verdict(*GRANTED_AGAIN, "", "not_used", "Nothing was debugged as a customer this year."),
        Verdict("leila.aziz", _IMPERSONATE, "", "never_needed", "Analyses copies."),
        Verdict("jonas.lind", _AGENT, "", "moved", "Sells now, and answers no cases.", target=_VIEWER),
        Verdict("hana.suzuki", _ADMINISTRATOR, "", "never_needed", "Looks at cases, changes nothing.", target=_VIEWER),
        Verdict("ivy.chan", _ADMINISTRATOR, "", "never_needed", "Stands in for the lead.", target=_LEAD),
    ),
)
