"""Any access list as a table, read by a mapping. The path of a row is kept lean: 100,000 rows are ordinary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Final

from evidence.tables.errors import FormatError, RowProblem
from evidence.tables.moments import Moments
from evidence.tables.reading import Table
from evidence.tables.rows import RowError, row_error
from evidence.tables.text import email_key, header_key, yes_or_no
from inventory.formats.mapping import ACCOUNT_FIELDS, ENTITLEMENT_FIELDS, Mapping, validate
from inventory.formats.rows import LIMITS, EntitlementRow, Facts, ReadResult, entitlement_key, too_long

_YES_NO_STATES: Final = frozenset({"active", "is active", "enabled", "is enabled", "account enabled"})
_SHORTEST_LIMIT: Final = min(LIMITS.values())


def read_generic(table: Table, mapping: Mapping, *, zone: str = "UTC") -> ReadResult[EntitlementRow]:
    """Read a table by its mapping; naive times are in `zone` (IANA). Raises FormatError when the mapping does not fit."""
    problems = validate(mapping, table.headers)
    if problems:
        raise FormatError(" ".join(sentence for sentences in problems.values() for sentence in sentences))
    facts = Facts(notices=list(table.notices))
    identity = next(key for key in ACCOUNT_FIELDS if mapping.columns.get(key))
    facts.identified_by = f"{identity}: {mapping.columns[identity]}"
    make = _maker(table.headers, mapping, Moments(zone, mapping.date_order), identity)
    return ReadResult(_rows(table, make, facts), facts, EntitlementRow, entitlement_key)


def _rows(table: Table, make: Callable[[int, list[str]], EntitlementRow], facts: Facts) -> Iterator[EntitlementRow | RowError]:
    count = 0
    for record in table.rows:
        count += 1
        if isinstance(record, RowError):
            yield record
            continue
        try:
            row = make(*record)
        except RowProblem as problem:
            yield row_error(record[0], "", record[1], *problem.reasons)
        except ValueError as problem:
            yield row_error(record[0], "", record[1], str(problem))
        else:
            yield row
    facts.records["table"] = count


def _maker(headers: list[str], mapping: Mapping, moments: Moments, identity: str) -> Callable[[int, list[str]], EntitlementRow]:
    """Give the function that makes a row of cells: columns are found once, not per row."""
    pick, constants = _picker(headers, mapping)
    privileged = _privileged(mapping)
    state = _state(mapping)
    used, granted = moments.last_used, moments.optional
    has_used = bool(mapping.columns.get("last_used_at"))
    by_name, by_email = identity == "account_name", identity == "email"

    def make(number: int, cells: list[str]) -> EntitlementRow:
        values = tuple(map(str.strip, pick(cells + constants)))
        if max(map(len, values)) > _SHORTEST_LIMIT:
            _check_lengths(values)
        account, name, display, first, last, email, role, key, meaning, resource, special, status, when, since, by, owner = values
        if by_name:
            account = name
        elif by_email:
            account = email_key(email)
        status = state(status)
        if not account or not (role or key):
            raise RowProblem(*_missing(account, role or key))
        if len(account) > LIMITS["account_id"] or len(status) > LIMITS["account_state"]:
            raise RowProblem("The account's id or state is too long.")  # some letters are longer in lower case
        last_used_at, last_used_state = used(when) if has_used else (None, "not_in_file")
        return EntitlementRow(
            number,
            account,
            name or account,
            display or f"{first} {last}".strip(),
            email,
            key or role,
            role or key,
            meaning,
            resource,
            privileged(special, role or key),
            status,
            last_used_at,
            last_used_state,
            granted(since) if since else None,
            by,
            owner,
        )

    return make


def _picker(headers: list[str], mapping: Mapping) -> tuple[Callable[[list[str]], tuple[str, ...]], list[str]]:
    """Give a getter of all fields in their order, and the cells it expects appended: "" and the constants."""
    constants = [""]
    places = []
    for key in ENTITLEMENT_FIELDS:
        header = mapping.columns.get(key)
        if header:
            places.append(headers.index(header))
        elif mapping.constants.get(key):
            places.append(len(headers) + len(constants))
            constants.append(mapping.constants[key])
        else:
            places.append(len(headers))
    return itemgetter(*places), constants


def _privileged(mapping: Mapping) -> Callable[[str, str], bool | None]:
    """Give (privileged cell, role) -> True, False or None, remembering the few texts that occur."""
    marked = {value.strip().lower() for value in mapping.privileged_values if value.strip()}
    stated = bool(mapping.columns.get("privileged") or mapping.constants.get("privileged"))
    cache: dict[str, bool | None] = {}

    def judge(cell: str, role: str) -> bool | None:
        text = cell if stated else role
        if text not in cache and len(cache) < 10_000:
            cache[text] = decide(text)
        return cache[text] if text in cache else decide(text)

    def decide(text: str) -> bool | None:
        if marked and text.lower() in marked:
            return True
        if stated:
            return yes_or_no(text)
        return False if marked else None

    return judge


def _state(mapping: Mapping) -> Callable[[str], str]:
    """Give the function for account states: a column "Active" with yes and no is put into words."""
    if header_key(mapping.columns.get("account_state", "")) not in _YES_NO_STATES:
        return str.lower

    def worded(text: str) -> str:
        answer = yes_or_no(text)
        return text.lower() if answer is None else "active" if answer else "inactive"

    return worded


def _check_lengths(values: tuple[str, ...]) -> None:
    fields = zip(ENTITLEMENT_FIELDS, values, strict=True)
    reasons = [too_long(key, LIMITS.get(key, 200)) for key, value in fields if len(value) > LIMITS.get(key, 200)]
    if reasons:
        raise RowProblem(*reasons)


def _missing(account: str, right: str) -> list[str]:
    reasons = [] if account else ["The row names no account."]
    return reasons if right else [*reasons, "The row names no role or permission."]
