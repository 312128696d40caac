"""Whatever a file contains, only FormatError comes out, and what comes out can be stored."""

import contextlib
import datetime as dt
import io
import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.tables.errors import FormatError
from evidence.tables.reading import open_table
from evidence.tables.rows import RowError
from evidence.tables.text import storable
from inventory.formats.generic import read_generic
from inventory.formats.mapping import suggest_mapping, validate
from inventory.formats.registry import FORMATS, read, recognise
from inventory.formats.roster import read_roster, suggest_roster_mapping
from inventory.formats.rows import LIMITS, EntitlementRow
from tests.inventory.formats.samples import (
    ADMINISTRATOR,
    CREDENTIAL_HEADERS,
    GOOGLE_HEADERS,
    aws_user,
    credential_line,
    credential_report,
    csv_file,
    details,
    google_row,
    group,
    json_file,
)
from tests.inventory.formats.test_github import EXPORT
from tests.inventory.formats.test_okta import CURRENT, HEALTH
from tests.inventory.formats.test_workbooks import workbook

PARTS = [(f.key, p.key) for f in FORMATS.values() if f.key != "generic" for p in f.parts]
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
# Lists and objects of anything JSON can say, with the keys that readers look for.
KEYS = st.sampled_from(
    [
        *("UserDetailList", "GroupDetailList", "Policies", "UserName", "UserId", "Arn", "GroupList", "AttachedManagedPolicies"),
        *("PolicyName", "PolicyArn", "UserPolicyList", "PolicyDocument", "Statement", "Effect", "Action", "Tags", "Key", "Value"),
        *(
            "Content",
            "ReportFormat",
            "GeneratedTime",
            "login",
            "id",
            "role",
            "permissions",
            "repository",
            "collaborators",
            "members",
        ),
        *("slug", "full_name", "name", "type", "site_admin", "last_active", "state"),
    ]
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["ada", "Allow", "*", "\x00", "\ud800"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=6),
    max_leaves=40,
)
HEADERS = [CREDENTIAL_HEADERS.split(","), list(GOOGLE_HEADERS), HEALTH, CURRENT, EXPORT, ["login", "repository", "permission"]]
CELL = st.text(max_size=20) | st.sampled_from(
    ["ada", "true", "2026-10-01", "03/04/2026", "N/A", "=1", "a" * 600, "2026-99-99", "<root_account>"]
)


def good(key):
    """Give the parts of a small good export."""
    return {
        "aws_iam": {
            "credential_report": credential_report(credential_line("ada")),
            "authorization_details": details([aws_user("ada", 1, ["g"])], [group("g", ADMINISTRATOR)]),
        },
        "google_workspace": {"users": csv_file(GOOGLE_HEADERS, google_row("A", "B", "a@x.example"))},
        "okta": {
            "people": csv_file(HEALTH, ["A", "a", "ACTIVE", "", "", "", ""]),
            "assignments": csv_file(CURRENT, ["A", "a", *["x"] * 3, "", "", ""]),
        },
        "github": {
            "members": json_file([{"login": "ada", "id": 1, "site_admin": False}]),
            "outside_collaborators": json_file([{"login": "g", "id": 2, "site_admin": False}]),
            "permissions": json_file([{"login": "ada", "repository": "a/b", "permission": "pull"}]),
        },
    }[key]


def survive(data: bytes) -> None:
    """Read the data as everything it could be."""
    recognise([("x", io.BytesIO(data))])
    for key, part in PARTS:
        with contextlib.suppress(FormatError):
            check(read(key, good(key) | {part: io.BytesIO(data)}))
    with contextlib.suppress(FormatError), open_table(io.BytesIO(data)) as table:
        mapping = suggest_mapping(table.headers)
        mapping.columns.setdefault("account_id", table.headers[0])
        mapping.columns.setdefault("role", table.headers[-1])
        assert validate(mapping, table.headers) == {}
        check(read_generic(table, mapping))
    with contextlib.suppress(FormatError), open_table(io.BytesIO(data)) as table:
        mapping = suggest_roster_mapping(table.headers)
        mapping.columns |= {"name": table.headers[0], "email": table.headers[-1]}
        list(read_roster(table, mapping, today=dt.date(2026, 11, 21)))


def check(result):
    for row in result:
        if isinstance(row, RowError):
            assert row.reasons
            assert storable(row.raw)
            assert len(row.raw) <= 2000
            assert all(map(storable, row.reasons))
            continue
        assert isinstance(row, EntitlementRow)
        assert row.account_id
        assert row.entitlement_key
        for name, limit in LIMITS.items():
            assert len(getattr(row, name)) <= limit
            assert storable(getattr(row, name))
        assert (row.last_used_at is not None) == (row.last_used_state == "known")
    assert result.read == result.accepted + result.rejected + result.duplicates
    assert all(map(storable, result.notices))


@FUZZ
@given(st.binary(max_size=400))
def test_bytes(data):
    survive(data)


@FUZZ
@given(
    st.sampled_from(HEADERS),
    st.lists(st.lists(CELL, min_size=3, max_size=24), max_size=6),
    st.sampled_from(["utf-8", "utf-16", "cp1252"]),
    st.sampled_from(",;\t"),
)
def test_tables_with_known_headers_and_any_cells(headers, rows, encoding, mark):
    text = io.StringIO(newline="")
    for row in [headers, *[(row * 24)[: len(headers)] for row in rows]]:
        text.write(mark.join(f'"{cell}"' for cell in row) + "\r\n")
    survive(text.getvalue().encode(encoding, "replace"))


@FUZZ
@given(JSON | st.lists(st.dictionaries(KEYS, JSON, max_size=6), max_size=4) | st.dictionaries(KEYS, JSON, max_size=6))
def test_json_of_any_shape(document):
    survive(json.dumps(document).encode())


@FUZZ
@given(st.data())
def test_the_details_of_aws_with_anything_in_their_places(data):
    user = {key: data.draw(JSON) for key in ("GroupList", "AttachedManagedPolicies", "UserPolicyList", "Tags", "UserId")}
    document = {
        "UserDetailList": [aws_user("ada", 1) | user, data.draw(JSON)],
        "GroupDetailList": data.draw(JSON),
        "Policies": data.draw(JSON),
    }
    parts = {"credential_report": credential_report(credential_line("ada")), "authorization_details": json_file(document)}
    check(read("aws_iam", parts))


@FUZZ
@given(st.integers(0, 2**32), st.sampled_from(["csv", "json", "xlsx"]))
def test_damaged_files(seed, kind):
    source = {
        "csv": csv_file(GOOGLE_HEADERS, *[google_row("A", "B", f"a{i}@x.example") for i in range(5)]).getvalue(),
        "json": details([aws_user(f"u{i}", i, ["g"], [ADMINISTRATOR]) for i in range(5)], [group("g")]).getvalue(),
        "xlsx": workbook({"Users": [["Login", "Role"], ["ada", "admin"], ["bob", 7]]}).getvalue(),
    }[kind]
    rng = random.Random(seed)
    data = bytearray(source[: rng.randint(1, len(source))] if rng.random() < 0.4 else source)
    for _ in range(rng.randint(1, 8)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    survive(bytes(data))


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 200_000,
        b'{"UserDetailList":' * 100_000,
        b'[{"login":' + b"9" * 5000 + b"}]",
        b'{"UserDetailList": [{"UserName": 1e999, "UserId": NaN, "Arn": -Infinity}]}',
        b'{"UserDetailList": {"a": 1}}',
        b'[{"login": "a\\u0000b", "id": 1}, {"login": "\\ud800", "id": 2}]',
        b'{"Content": "not base64 \xff", "ReportFormat": "text/csv", "UserDetailList": null}',
        b'{"Content": "!!!!", "ReportFormat": "text/csv", "GeneratedTime": {"a": 1}}',
        b'\xff\xfe{\0"\0',
        b'{"a": "' + b"x" * 200_000 + b'"}',
        b"PK\x03\x04" + b"\0" * 100,
    ],
)
def test_known_tricks(data):
    survive(data)
