"""What a system holds, and how a quarter changes it: the same for all eight."""

import datetime as dt
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from example.roster import EMPLOYEES_BEFORE, EVERYBODY, JOINERS, LEAVERS, REHIRED
from inventory.formats.mapping import Mapping

# Roles that come with being listed: taking them away takes the account away.
LISTED = frozenset({"Okta account", "Workspace account", "Member"})
NEW = (*sorted(JOINERS), REHIRED)
File = tuple[str, bytes]
Spoken = tuple[str, str, str]  # login, role, resource


@dataclass(slots=True)
class Right:
    """One thing a login may do. `granted` counts days before today (0: not in the file); `used` overrides the login's."""

    role: str
    resource: str = ""
    granted: int = 0
    by: str = ""
    used: int | str | None = None


@dataclass(slots=True)
class Login:
    """An account. `used` is days before the export, or the source's own word; `person` is a key of the roster, or ""."""

    name: str
    person: str = ""
    display: str = ""
    email: str = ""
    used: int | str = 0
    state: str = "active"
    rights: list[Right] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)

    def has(self, role: str, resource: str = "") -> bool:
        """Whether it has this right."""
        return any((right.role, right.resource) == (role, resource) for right in self.rights)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reviewer decided in the third quarter; with `target` the role was to be changed to it.

    `outcome`: done; late (reported done while still active, then done); accepted (by name, it stays); deprovisioned (the
    account stays listed, in a state without access).
    """

    login: str
    role: str
    resource: str
    reason: str
    words: str = ""
    target: str = ""
    outcome: str = "done"

    @property
    def spoken(self) -> Spoken:
        """What it is about."""
        return self.login, self.role, self.resource


@dataclass(frozen=True, slots=True)
class Export:
    """The moment of an export, aware, the day from which grants are counted back, and the organization's zone."""

    as_of: dt.datetime
    today: dt.date
    zone: dt.tzinfo

    def used(self, value: int | str, *, form: str = "%Y-%m-%dT%H:%M:%S+00:00", local: bool = False) -> str:
        """A last use as the source writes it: in UTC, or `local` as people's clocks show it."""
        if isinstance(value, str):
            return value
        moment = self.as_of - dt.timedelta(days=value, hours=2)
        return moment.astimezone(self.zone if local else dt.UTC).strftime(form)

    def granted(self, days: int) -> str:
        """A day of granting; "" where it is not known."""
        return (self.today - dt.timedelta(days=days)).isoformat() if days else ""


def no_mapping() -> Mapping:
    """Of a known format, which needs none."""
    return Mapping()


@dataclass(frozen=True, slots=True)
class Source:
    """A system of the example and its population through three exports."""

    name: str
    accounts: int
    entitlements: int
    base: Callable[[], list[Login]]
    newcomers: Callable[[], list[Login]]
    extras: Callable[[], Iterator[tuple[str, Right]]]
    write: Callable[[list[Login], Export], list[File]]
    verdicts: tuple[Verdict, ...]
    headings: str
    stated_unit: str = "accounts"
    mapping: Callable[[], Mapping] = no_mapping
    listed: int = 0  # rights that each login has by being listed, beyond `rights`
    stays: frozenset[str] = frozenset()  # leavers whose account was forgotten
    again: tuple[Spoken, ...] = ()  # removed, verified, and given again
    idle: tuple[tuple[str, int], ...] = ()  # logins that fell asleep, with days since their last use

    def before(self) -> list[Login]:
        """The population of the third quarter's review."""
        return self._filled(self.base())

    def after(self) -> list[Login]:
        """The export after the sign-off: all was done, but for what is late or accepted; people came and went."""
        return self._changed(late=False)

    def finally_(self) -> list[Login]:
        """The export after that: the late ones are done, and something is back. It is the fourth quarter's population."""
        return self._changed(late=True)

    @property
    def stated(self) -> int:
        """What the source itself shows as its count."""
        return self.accounts if self.stated_unit == "accounts" else self.entitlements

    def _changed(self, *, late: bool) -> list[Login]:
        logins = {login.name: deepcopy(login) for login in self.before()}
        for verdict in self.verdicts:
            if verdict.outcome == "done" or (verdict.outcome == "late" and late):
                _apply(logins, verdict)
            elif verdict.outcome == "deprovisioned":
                logins[verdict.login].state = "deprovisioned"
        for name, unused in self.idle:
            logins[name].used = unused
        left = LEAVERS - self.stays
        there = [login for login in logins.values() if login.person not in left or login.state == "deprovisioned"]
        there = [login for login in there if login.rights or self.listed or login.name not in _spoken_logins(self.verdicts)]
        there += self.newcomers()
        for name, role, resource in self.again if late else ():
            next(login for login in there if login.name == name).rights.append(Right(role, resource, granted=9))
        return self._filled(there, but=_spoken_logins(self.verdicts))

    def _filled(self, logins: list[Login], *, but: Collection[str] = ()) -> list[Login]:
        """Give further ordinary rights, in a fixed order, until there are as many as the system has.

        Not to logins whose rights were to be taken away: something new beside what is gone could be the same by another name.
        """
        spoken = {verdict.spoken for verdict in self.verdicts}
        spoken |= {(verdict.login, verdict.target, verdict.resource) for verdict in self.verdicts}
        by_name = {login.name: login for login in logins if login.state == "active" and login.name not in but}
        missing = self.entitlements - count(logins, self.listed)
        for name, right in self.extras():
            if missing <= 0:
                break
            login = by_name.get(name)
            if login and not login.has(right.role, right.resource) and (name, right.role, right.resource) not in spoken:
                login.rights.append(right)
                missing -= 1
        return logins


def count(logins: Iterable[Login], listed: int) -> int:
    """How many entitlements these are."""
    return sum(len(login.rights) + listed for login in logins)


def _spoken_logins(verdicts: Iterable[Verdict]) -> set[str]:
    return {verdict.login for verdict in verdicts}


def _apply(logins: dict[str, Login], verdict: Verdict) -> None:
    """Do at the source what was decided; a whole listed account goes by its name."""
    if verdict.outcome != "deprovisioned" and verdict.role in LISTED and not verdict.target:
        logins.pop(verdict.login, None)
        return
    login = logins.get(verdict.login)
    if login is None:
        return
    kept = [right for right in login.rights if (right.role, right.resource) != (verdict.role, verdict.resource)]
    if verdict.target and not any(right.role == verdict.target and right.resource == verdict.resource for right in kept):
        kept.append(Right(verdict.target, verdict.resource, granted=3))
    login.rights = kept


def days(name: str, most: int = 20) -> int:
    """An ordinary number of days since the last use: always the same for the same name."""
    return number(name) % most


def number(name: str) -> int:
    """The source's own number of an account: always the same for the same name."""
    return zlib.crc32(name.encode())


def since(name: str) -> int:
    """An ordinary age of a grant, from before the third quarter."""
    return 320 + number(name) % 600


def login_of(key: str, *rights: Right, name: str = "", email: str | None = None, used: int | str | None = None) -> Login:
    """An account of somebody on the roster."""
    one = EVERYBODY[key]
    address = one.email if email is None else email
    return Login(name or address, key, one.name, address, days(key) if used is None else used, rights=list(rights))


def of_department(*departments: str) -> list[str]:
    """The keys of the employees before, by department."""
    return [key for key in EMPLOYEES_BEFORE if EVERYBODY[key].department in departments]
