"""GitHub: the organization's own export of members without e-mails, outside collaborators in a second file, permissions."""

from collections.abc import Iterator

from example.roster import EVERYBODY
from example.sources.population import NEW, Export, File, Login, Right, Source, Verdict, login_of
from example.sources.writing import csv_bytes

_APP, _API, _INFRA, _BILLING, _MOBILE, _DOCS, _SITE = (
    f"larkfield/{name}" for name in ("app", "api", "infra", "billing", "mobile", "docs", "website")
)
# The handle, where it is not made of the initial and the last name; without a display name it says nobody's name.
_HANDLES = {
    "anita.desai": "anitadesai", "tomas.ferreira": "tferreira", "chen.wei": "chenwei88", "maya.cohen": "mayac",
    "sean.obrien": "seanob", "emily.carter": "emwatson", "samuel.price": "sprice-sec", "maria.santos": "msantos-lf",
    "ines.duarte": "ines-duarte-qa", "viktor.hahn": "viktorhahn", "sam.whitaker": "samwhit", "jade.liu": "jadeliu-dev",
}  # fmt: skip
UNMATCHED, ROBOT = "jm-codes", "larkfield-ci"
OWNERS = ("anita.desai", "tomas.ferreira", "chen.wei", "fatima.zahra", "grace.bauer")
OUTSIDE = ("ines.duarte", "viktor.hahn")
_ENGINEERS = (
    "laura.novak", "ian.campbell", "jorge.molina", "julia.meyer", "sean.obrien", "aisha.khan", "peter.dahl", "dmitri.ivanov",
    "hana.suzuki", "tom.becker", "emily.carter", "carlos.vega", "nina.petrova", "mei.lin",
)  # fmt: skip
_PLATFORM = ("tomas.ferreira", "chen.wei", "fatima.zahra", "erik.johansson", "maya.cohen")
_OTHERS = (
    "anita.desai", "yuki.tanaka", "samuel.price", "lena.vogel", "grace.bauer", "ravi.menon", "david.kim", "anna.kowalski",
    "leila.aziz", "maria.santos", "kevin.doyle", "felix.arnold", "lukas.weber",
)  # fmt: skip
_NAMELESS = frozenset({"sean.obrien", "maya.cohen", "samuel.price"})


def handle(key: str) -> str:
    """A person's login at GitHub."""
    first, _, last = key.partition(".")
    return _HANDLES.get(key, f"{first[0]}{last}")


def _member(key: str, *rights: Right) -> Login:
    login = login_of(key, *rights, name=handle(key), email="")
    login.display = "" if key in _NAMELESS else EVERYBODY[key].name
    login.facts["role"] = "Outside" if key in OUTSIDE else "Owner" if key in OWNERS else "Member"
    return login


def _base() -> list[Login]:
    logins = [_member(key, Right("Write", _APP), Right("Write", _API)) for key in _ENGINEERS]
    logins += [_member(key, Right("Admin", _INFRA), Right("Write", _API)) for key in _PLATFORM]
    logins += [_member(key, Right("Write", _DOCS)) for key in _OTHERS]
    logins += [_member(key, Right("Read", _APP), Right("Triage", _MOBILE)) for key in OUTSIDE]
    logins.append(Login(UNMATCHED, used=64, rights=[Right("Write", _APP), Right("Write", _MOBILE)], facts={"role": "Member"}))
    robot = Right("Write", _INFRA)
    logins.append(Login(ROBOT, display="Larkfield CI", used=0, rights=[robot, Right("Write", _APP)], facts={"role": "Member"}))
    by_name = {login.name: login for login in logins}
    for key, role, repository in (
        ("peter.dahl", "Admin", _INFRA), ("jorge.molina", "Write", _BILLING), ("viktor.hahn", "Write", _BILLING),
        ("laura.novak", "Admin", _BILLING), ("dmitri.ivanov", "Maintain", _BILLING), ("ian.campbell", "Admin", _MOBILE),
        ("tom.becker", "Admin", _MOBILE), ("nina.petrova", "Maintain", _BILLING),
    ):  # fmt: skip
        by_name[handle(key)].rights.append(Right(role, repository))
    by_name[handle("julia.meyer")].rights[0].role = "Admin"
    return logins


def _newcomers() -> list[Login]:
    engineers = [key for key in NEW if EVERYBODY[key].department == "Engineering"]
    return [_member(key, Right("Write", _APP), Right("Write", _API)) for key in engineers]


def _extras() -> Iterator[tuple[str, Right]]:
    for repository in (_MOBILE, _DOCS, _SITE, _BILLING):
        for key in (*_ENGINEERS, *_PLATFORM):
            yield handle(key), Right("Triage" if repository == _BILLING else "Write", repository)


def _write(logins: list[Login], export: Export) -> list[File]:
    members = [["login", "name", "tfa_enabled", "is_public", "role", "last_active", "saml_name_id"]]
    outside = [["login", "name", "tfa_enabled"]]
    permissions = [["login", "repository", "permission"]]
    for login in logins:
        secure = "false" if login.name == UNMATCHED else "true"
        if login.facts["role"] == "Outside":
            outside.append([login.name, login.display, secure])
        else:
            used = export.used(login.used, form="%Y-%m-%dT%H:%M:%SZ")
            members.append([login.name, login.display, secure, "false", login.facts["role"], used, ""])
        permissions += [[login.name, right.resource, right.role.lower()] for right in login.rights]
    return [
        ("larkfield-members.csv", csv_bytes(members)),
        ("larkfield-outside-collaborators.csv", csv_bytes(outside)),
        ("github-repository-permissions.csv", csv_bytes(permissions)),
    ]


def truncated(files: list[File], *, rows: int) -> list[File]:
    """The same export, cut off before its last permissions."""
    *others, (name, content) = files
    return [*others, (name, b"".join(content.splitlines(keepends=True)[:-rows]))]


_LEFT = "The last working day is in this quarter."
SOURCE = Source(
    name="GitHub",
    accounts=36,
    entitlements=142,
    base=_base,
    newcomers=_newcomers,
    extras=_extras,
    write=_write,
    listed=1,
    stated_unit="entitlements",
    headings="Organization, People, Export; gh api orgs/larkfield/outside_collaborators; permissions of every repository",
    verdicts=(
        Verdict(handle("mei.lin"), "Member", "Organization", "left", _LEFT),
        Verdict(handle("mei.lin"), "Write", _APP, "left", _LEFT),
        Verdict(handle("mei.lin"), "Write", _API, "left", _LEFT),
        Verdict(handle("lukas.weber"), "Member", "Organization", "never_needed", "Reads the published documentation."),
        Verdict(handle("lukas.weber"), "Write", _DOCS, "never_needed", "Reads the published documentation."),
        Verdict(handle("peter.dahl"), "Admin", _INFRA, "moved", "Left the platform team in spring.", outcome="late"),
        Verdict(handle("jorge.molina"), "Write", _BILLING, "moved"),
        Verdict(handle("viktor.hahn"), "Write", _BILLING, "not_used", "The migration reads from a copy."),
        Verdict(handle("julia.meyer"), "Admin", _APP, "never_needed", "Maintains one part of it.", target="Maintain"),
        Verdict(handle("tom.becker"), "Admin", _MOBILE, "moved", "Ian leads it now.", target="Write"),
        Verdict(handle("nina.petrova"), "Maintain", _BILLING, "moved", "Laura leads it now.", target="Write"),
    ),
)
