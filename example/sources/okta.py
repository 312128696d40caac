"""Okta: people and application assignments."""

from collections.abc import Iterator

from example.roster import DOMAIN, EMPLOYEES_BEFORE, EVERYBODY, LEFT_LATELY
from example.sources.population import NEW, Export, File, Login, Right, Source, Verdict, login_of, number, since
from example.sources.writing import csv_bytes

ASSIGNED = "Assigned"
_APPS = {
    "Engineering": "GitHub", "Platform": "GitHub", "Support": "Zendesk", "Sales": "HubSpot", "Marketing": "HubSpot",
    "Product": "Figma", "Finance": "NetSuite", "People": "Lattice", "IT": "Jamf", "Security": "Snyk", "Legal": "Ironclad",
    "Executive": "NetSuite",
}  # fmt: skip
_ADMINISTRATORS = {
    "grace.bauer": "Super Administrator", "lena.vogel": "Application Administrator", "omar.haddad": "Help Desk Administrator",
    "samuel.price": "Read-only Administrator", "yuki.tanaka": "Report Administrator",
}  # fmt: skip
_MORE = {
    "brenda.walsh": "Figma", "paul.grant": "Miro", "elif.yilmaz": "Figma", "anna.kowalski": "Miro", "david.kim": "Miro",
    "leila.aziz": "Miro",
}  # fmt: skip
PEOPLE = (
    "Okta User ID", "Okta Username", "Email", "First Name", "Last Name", "Okta User Status", "Created", "Activated",
    "Last Login", "Password Changed", "Admin Roles",
)  # fmt: skip
ASSIGNMENTS = ("Okta User ID", "Okta Username", "Application", "Application Username", "Assigned On")


def _app(name: str, key: str) -> Right:
    return Right(ASSIGNED, name, granted=since(key + name))


def _base() -> list[Login]:
    logins = []
    for key in (*EMPLOYEES_BEFORE, "ines.duarte", "viktor.hahn"):
        login = login_of(key, _app(_APPS[EVERYBODY[key].department], key))
        if key in _ADMINISTRATORS:
            login.rights.append(Right(_ADMINISTRATORS[key]))
        if key in _MORE:
            login.rights.append(_app(_MORE[key], key))
        logins.append(login)
    old = [f"test.user@{DOMAIN}", f"demo.sales@{DOMAIN}", f"felix.arnold.old@{DOMAIN}"]
    logins += [
        Login(name, "", name.split("@")[0].replace(".", " ").title(), name, used=190 + at * 9) for at, name in enumerate(old)
    ]
    logins[-2].rights.append(_app("HubSpot", old[1]))
    return logins


def _newcomers() -> list[Login]:
    return [login_of(key, Right(ASSIGNED, _APPS[EVERYBODY[key].department], granted=20)) for key in NEW]


def _extras() -> Iterator[tuple[str, Right]]:
    for name in ("Zoom", "Miro", "Figma"):
        for key, one in EVERYBODY.items():
            yield one.email, _app(name, key)


def _write(logins: list[Login], export: Export) -> list[File]:
    people, assignments = [list(PEOPLE)], [list(ASSIGNMENTS)]
    for login in logins:
        own = f"00u{number(login.name):010d}larkF0x7"
        first, _, last = login.display.partition(" ")
        roles = ";".join(right.role for right in login.rights if right.role != ASSIGNED)
        used = export.used(login.used if login.state == "active" else 30)
        made = f"{export.granted(since(login.name))}T09:00:00+00:00"
        state = login.state.upper()
        people.append([own, login.name, login.email, first, last, state, made, made, used, made, roles])
        for right in login.rights if login.state == "active" else []:
            if right.role == ASSIGNED:
                assignments.append([own, login.name, right.resource, login.email, export.granted(right.granted)])
    return [("okta-people.csv", csv_bytes(people)), ("okta-current-assignments.csv", csv_bytes(assignments))]


def _gone(key: str, app: str) -> tuple[Verdict, ...]:
    email = EVERYBODY[key].email
    words = "The last working day is in this quarter."
    return (
        Verdict(email, "Okta account", "", "left", words, outcome="deprovisioned"),
        Verdict(email, ASSIGNED, app, "left", words),
    )


SOURCE = Source(
    name="Okta",
    accounts=61,
    entitlements=148,
    base=_base,
    newcomers=_newcomers,
    extras=_extras,
    write=_write,
    listed=1,
    stays=frozenset({LEFT_LATELY}),
    headings="Reports, Okta Password Health: everybody; Reports, Current Assignments: all applications",
    verdicts=(
        *_gone("gordon.hayes", "Zendesk"),
        *_gone("mei.lin", "GitHub"),
        Verdict(f"test.user@{DOMAIN}", "Okta account", "", "never_needed", "A test of single sign-on from last year."),
        Verdict(f"demo.sales@{DOMAIN}", "Okta account", "", "not_used", "Demonstrations use the sandbox now."),
        Verdict(f"demo.sales@{DOMAIN}", ASSIGNED, "HubSpot", "not_used", "Demonstrations use the sandbox now."),
        Verdict(f"felix.arnold.old@{DOMAIN}", "Okta account", "", "duplicate", "Felix has a newer account."),
        Verdict(EVERYBODY["brenda.walsh"].email, ASSIGNED, "Figma", "not_used"),
        Verdict(EVERYBODY["paul.grant"].email, ASSIGNED, "Miro", "not_used"),
        Verdict(EVERYBODY["elif.yilmaz"].email, ASSIGNED, "Figma", "never_needed"),
    ),
)
