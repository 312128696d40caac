"""The HR system: semicolons, Latin-1, German headers and one row twice."""

from collections.abc import Iterator

from example.roster import ALIASES, EMPLOYEES_BEFORE, EVERYBODY
from example.sources.population import NEW, Export, File, Login, Right, Source, Verdict, login_of, since
from example.sources.writing import csv_bytes
from inventory.formats.mapping import Mapping

_SELF, _MANAGER, _HR, _PAYROLL = "Employee self-service", "Manager self-service", "HR administrator", "Payroll viewer"
_HR_ROLES = {
    "judith.klein": (_HR,), "rosa.mendes": (_HR,), "alex.moreau": ("Recruiting",), "victor.lindqvist": ("Payroll approver",),
    "priya.nair": (_PAYROLL,), "sofia.russo": (_PAYROLL,), "nora.fischer": ("Contract viewer",),
}  # fmt: skip
_MANAGERS = (
    "helen.marsh", "victor.lindqvist", "anita.desai", "tomas.ferreira", "grace.bauer", "samuel.price", "maria.santos",
    "judith.klein", "daniel.osei", "chloe.martin", "ravi.menon", "priya.nair",
)  # fmt: skip


def _hr_user(key: str, *roles: str) -> Login:
    login = login_of(key, *(Right(role, granted=since(key + role)) for role in roles), name=f"LF{EVERYBODY[key].number}")
    login.email = ALIASES.get(key, login.email)
    return login


def _base() -> list[Login]:
    found = []
    for key in (*EMPLOYEES_BEFORE, "ines.duarte", "viktor.hahn"):
        found.append(_hr_user(key, _SELF, *((_MANAGER,) if key in _MANAGERS else ()), *_HR_ROLES.get(key, ())))
    return found


def _newcomers() -> list[Login]:
    logins = [_hr_user(key, _SELF) for key in NEW]
    for login in logins:
        login.rights[0].granted = 20
    return logins


def _extras() -> Iterator[tuple[str, Right]]:
    for role in ("Time approval", "Training coordinator"):
        for key in _MANAGERS:
            yield f"LF{EVERYBODY[key].number}", Right(role, granted=since(key + role))


def _write(logins: list[Login], export: Export) -> list[File]:
    rows = [["Personalnummer", "Name", "E-Mail-Adresse", "Rolle", "Zustand", "Letzte Anmeldung", "Zugewiesen am"]]
    for login in logins:
        used = export.used(login.used, form="%d.%m.%Y %H:%M", local=True)
        rows += [
            [login.name, login.display, login.email, right.role, "Active", used, export.granted(right.granted)]
            for right in login.rights
        ]
    return [("hr-berechtigungen.csv", csv_bytes([*rows, rows[7]], delimiter=";", encoding="latin-1"))]


def _mapping() -> Mapping:
    columns = {
        "account_id": "Personalnummer", "display_name": "Name", "email": "E-Mail-Adresse", "role": "Rolle",
        "account_state": "Zustand", "last_used_at": "Letzte Anmeldung", "granted_at": "Zugewiesen am",
    }  # fmt: skip
    return Mapping(columns=columns, privileged_values=[_HR, "Payroll approver"], date_order="dmy")


SOURCE = Source(
    name="HR system",
    accounts=58,
    entitlements=82,
    base=_base,
    newcomers=_newcomers,
    extras=_extras,
    write=_write,
    mapping=_mapping,
    headings="Auswertungen, Berechtigungen, Alle Personen",
    verdicts=(
        Verdict(f"LF{EVERYBODY['gordon.hayes'].number}", _SELF, "", "left", "The last working day is in this quarter."),
        Verdict(f"LF{EVERYBODY['mei.lin'].number}", _SELF, "", "left", "The last working day is in this quarter."),
        Verdict(f"LF{EVERYBODY['sofia.russo'].number}", _PAYROLL, "", "moved", "Payroll went to the controller."),
        Verdict(
            f"LF{EVERYBODY['rosa.mendes'].number}",
            _HR,
            "",
            "never_needed",
            "Two administrators are one too many.",
            target="HR partner",
        ),
    ),
)
