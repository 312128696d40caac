"""Production PostgreSQL: a query's result, read by a mapping."""

from collections.abc import Iterator

from example.roster import EVERYBODY, LEFT_LONG_AGO
from example.sources.population import Export, File, Login, Right, Source, Verdict, login_of, number, since
from example.sources.writing import csv_bytes
from inventory.formats.mapping import Mapping

_APP_DB, _BILLING_DB, _REPORTING = "app", "billing", "reporting"
READ_ONLY_SHARED, WITHOUT_OWNER = "readonly", "migrator"
_SUPER = "rds_superuser"
_FIRST_LETTER = ("tomas.ferreira", "chen.wei", "fatima.zahra", "erik.johansson", "maya.cohen", "laura.novak", "dmitri.ivanov")


def _role(key: str) -> str:
    first, _, last = key.partition(".")
    return f"{first[0]}{last}"


def _grants(key: str, *rights: tuple[str, str]) -> Login:
    by = EVERYBODY["tomas.ferreira"].email
    made = [Right(role, database, granted=since(key + database), by=by) for role, database in rights]
    return login_of(key, *made, name=_role(key))


def _base() -> list[Login]:
    logins = [_grants(key, (_SUPER, _APP_DB), ("read_write", _BILLING_DB)) for key in _FIRST_LETTER[:3]]
    logins.append(_grants("erik.johansson", ("read_write", _APP_DB), ("read_write", _BILLING_DB)))
    logins.append(_grants("maya.cohen", (_SUPER, _APP_DB), ("read_only", _REPORTING)))
    logins.append(_grants("laura.novak", ("read_only", _APP_DB), ("read_write", _BILLING_DB)))
    logins.append(_grants("dmitri.ivanov", ("read_only", _APP_DB), ("read_write", _REPORTING)))
    for right in logins[2].rights:
        right.by = EVERYBODY[LEFT_LONG_AGO].email
    robots = {
        READ_ONLY_SHARED: [("read_only", _APP_DB), ("read_only", _BILLING_DB)],
        WITHOUT_OWNER: [("owner", _APP_DB), ("owner", _BILLING_DB)],
        "app": [("read_write", _APP_DB), ("read_write", _BILLING_DB)],
        "backup": [("read_only", _APP_DB)],
    }
    return logins + [Login(name, rights=[Right(*one, granted=900) for one in found]) for name, found in robots.items()]


def _extras() -> Iterator[tuple[str, Right]]:
    for database in (_REPORTING, _APP_DB, _BILLING_DB):
        for key in _FIRST_LETTER[::-1]:
            yield _role(key), Right("read_only", database, granted=since(key), by=EVERYBODY["tomas.ferreira"].email)


def _write(logins: list[Login], export: Export) -> list[File]:
    rows = [["role_oid", "role_name", "comment", "database", "privilege", "granted_on", "granted_by"]]
    for login in logins:
        own = str(16_000 + number(login.name) % 1_000_000)
        rows += [
            [own, login.name, login.email, right.resource, right.role, export.granted(right.granted), right.by]
            for right in login.rights
        ]
    return [("pg-role-memberships.csv", csv_bytes(rows))]


def _mapping() -> Mapping:
    columns = {
        "account_id": "role_oid", "account_name": "role_name", "email": "comment", "role": "privilege", "resource": "database",
        "granted_at": "granted_on", "granted_by": "granted_by",
    }  # fmt: skip
    return Mapping(columns=columns, privileged_values=[_SUPER, "owner"])


SOURCE = Source(
    name="Production PostgreSQL",
    accounts=11,
    entitlements=27,
    base=_base,
    newcomers=list,
    extras=_extras,
    write=_write,
    mapping=_mapping,
    stated_unit="entitlements",
    headings="select from pg_roles join pg_auth_members on every database, saved as access_report.sql",
    verdicts=(
        Verdict("lnovak", "read_write", _BILLING_DB, "moved", "Works through the application.", outcome="accepted"),
        Verdict("divanov", "read_write", _REPORTING, "not_used"),
        Verdict("mcohen", _SUPER, _APP_DB, "never_needed", "Was given for one upgrade.", target="read_write"),
        Verdict("ejohansson", "read_write", _BILLING_DB, "moved", "Reads it for support cases only.", target="read_only"),
    ),
)
