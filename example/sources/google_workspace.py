"""Google Workspace: the users that the admin console downloads, with a column of administrator roles added."""

import csv
import io
from collections.abc import Iterator

from example.roster import DOMAIN, EMPLOYEES_BEFORE, EVERYBODY
from example.sources.population import NEW, Export, File, Login, Right, Source, Verdict, login_of

HEADERS = (
    "First Name [Required]", "Last Name [Required]", "Email Address [Required]", "Password [Required]",
    "Org Unit Path [Required]", "Status [READ ONLY]", "Last Sign In [READ ONLY]", "Employee ID", "2sv Enrolled [READ ONLY]",
    "Admin Roles",
)  # fmt: skip
SHARED = ("billing", "support", "careers", "invoices", "noreply")
WITHOUT_SECOND_STEP = "helen.marsh"
_ROLES = {
    WITHOUT_SECOND_STEP: "Super Admin", "grace.bauer": "Super Admin", "lena.vogel": "Super Admin",
    "tomas.ferreira": "Super Admin", "judith.klein": "Groups Admin", "omar.haddad": "User Management Admin",
    "samuel.price": "Reports Admin",
}  # fmt: skip


def _base() -> list[Login]:
    people = [login_of(key) for key in (*EMPLOYEES_BEFORE, "ines.duarte", "viktor.hahn")]
    for login in people:
        if login.person in _ROLES:
            login.rights.append(Right(_ROLES[login.person]))
    shared = [Login(f"{name}@{DOMAIN}", "", f"{name.title()} Larkfield", f"{name}@{DOMAIN}", used=3) for name in SHARED]
    shared[-1].used = "Never logged in"
    return people + shared


def _newcomers() -> list[Login]:
    return [login_of(key) for key in NEW]


def _extras() -> Iterator[tuple[str, Right]]:
    for key, role in (("yuki.tanaka", "Reports Admin"), ("rosa.mendes", "Groups Admin"), ("erik.johansson", "Storage Admin")):
        yield EVERYBODY[key].email, Right(role)


def _write(logins: list[Login], export: Export) -> list[File]:
    text = io.StringIO(newline="")
    out = csv.writer(text)
    out.writerow(HEADERS)
    for login in logins:
        first, _, last = login.display.partition(" ")
        unit = f"/Staff/{EVERYBODY[login.person].department}" if login.person else "/Shared mailboxes"
        used = export.used(login.used, form="%Y/%m/%d %H:%M:%S", local=True)
        number = f"LF{EVERYBODY[login.person].number}" if login.person else ""
        second = "False" if login.person == WITHOUT_SECOND_STEP or not login.person else "True"
        roles = ";".join(right.role for right in login.rights)
        out.writerow([first, last, login.email, "****", unit, "Active", used, number, second, roles])
    return [("User_Download.csv", text.getvalue().encode())]


_WORDS = "The last working day is in this quarter."
SOURCE = Source(
    name="Google Workspace",
    accounts=63,
    entitlements=70,
    base=_base,
    newcomers=_newcomers,
    extras=_extras,
    write=_write,
    listed=1,
    headings="Admin console, Directory, Users, Download users: all columns, all users",
    verdicts=(
        Verdict(EVERYBODY["gordon.hayes"].email, "Workspace account", "", "left", _WORDS),
        Verdict(EVERYBODY["mei.lin"].email, "Workspace account", "", "left", _WORDS),
        Verdict(EVERYBODY["tomas.ferreira"].email, "Super Admin", "", "never_needed", "Three super administrators are enough."),
    ),
)
