"""Any list of access, read by a mapping."""

import datetime as dt

import pytest

from evidence.tables.errors import FormatError
from evidence.tables.reading import open_table
from inventory.formats.generic import read_generic
from inventory.formats.mapping import Mapping, fingerprint, suggest_mapping, validate
from tests.inventory.formats.samples import csv_file, taken

HEADERS = [
    "User ID",
    "Login",
    "Full name",
    "E-Mail",
    "Role",
    "Database",
    "Is admin",
    "Status",
    "Last login",
    "Granted on",
    "Granted by",
    "Owner",
]
ADA = [
    "17",
    "ada",
    "Ada Lovelace",
    "Ada@Larkfield.example",
    "DBA",
    "invoices",
    "yes",
    "Active",
    "2026-10-01 08:30",
    "2025-01-01",
    "bob",
    "o@x.example",
]


def read(headers, *rows, mapping=None, zone="UTC", **options):
    with open_table(csv_file(headers, *rows, **options)) as table:
        result = read_generic(table, mapping or suggest_mapping(table.headers), zone=zone)
        return *taken(result), result


def test_the_usual_headers_are_mapped_without_help():
    assert suggest_mapping(HEADERS).columns == {
        "account_id": "User ID",
        "account_name": "Login",
        "display_name": "Full name",
        "email": "E-Mail",
        "role": "Role",
        "resource": "Database",
        "privileged": "Is admin",
        "account_state": "Status",
        "last_used_at": "Last login",
        "granted_at": "Granted on",
        "granted_by": "Granted by",
        "owner_email": "Owner",
    }


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["Agent ID", "E-mail", "Zendesk role", "Group"], {"account_id": "Agent ID", "email": "E-mail", "role": "Zendesk role"}),
        (["Login", "Group", "Group ID"], {"account_name": "Login", "role": "Group", "entitlement_key": "Group ID"}),
        (["Login", "App role", "Billing role"], {"account_name": "Login"}),  # which of the two, nobody can tell
        (["User ID", "Agent ID", "Role"], {"account_id": "User ID", "role": "Role"}),
    ],
)
def test_a_header_that_ends_like_the_usual_one_is_taken_for_it(headers, expected):
    assert suggest_mapping(headers).columns == expected


def test_a_row_is_read_whole():
    (row,), errors, result = read(HEADERS, ADA, zone="America/New_York")
    assert errors == []
    assert (row.row_number, row.account_id, row.account_name, row.display_name) == (2, "17", "ada", "Ada Lovelace")
    assert (row.email, row.entitlement_key, row.role, row.resource) == ("Ada@Larkfield.example", "DBA", "DBA", "invoices")
    assert (row.privileged, row.account_state, row.last_used_state) == (True, "active", "known")
    assert row.last_used_at == dt.datetime(2026, 10, 1, 12, 30, tzinfo=dt.UTC)
    assert row.granted_at == dt.datetime(2025, 1, 1, 5, 0, tzinfo=dt.UTC)
    assert (row.granted_by, row.owner_email) == ("bob", "o@x.example")
    assert (result.read, result.accepted, result.accounts, result.records) == (1, 1, 1, {"table": 1})
    assert result.identified_by == "account_id: User ID"


def test_without_an_id_the_user_name_and_then_the_address_stand_for_the_account():
    (row,), _, _ = read(["Username", "Role"], ["ada", "x"])
    assert (row.account_id, row.account_name) == ("ada", "ada")
    (row,), _, _ = read(["E-mail", "Role"], ["Ada@X.example", "x"])
    assert (row.account_id, row.email) == ("ada@x.example", "Ada@X.example")


def test_what_has_no_column_is_not_in_the_file_rather_than_never():
    (row,), _, _ = read(["Username", "Role"], ["ada", "x"])
    assert (row.last_used_state, row.privileged, row.granted_at) == ("not_in_file", None, None)


def test_first_and_last_name_make_a_name():
    (row,), _, _ = read(["Username", "First name", "Last name", "Role"], ["ada", "Ada", "Lovelace", "x"])
    assert row.display_name == "Ada Lovelace"


def test_values_of_the_mapping_mark_privileged_roles():
    mapping = Mapping({"account_name": "Username", "role": "Role"}, privileged_values=["DBA", "owner "])
    rows, _, _ = read(["Username", "Role"], ["a", "dba"], ["b", "Owner"], ["c", "reader"], mapping=mapping)
    assert [row.privileged for row in rows] == [True, True, False]


def test_a_constant_holds_for_every_row():
    mapping = Mapping({"account_name": "Username"}, {"role": "Member", "resource": "Console"})
    rows, _, _ = read(["Username", "x"], ["a", ""], ["b", ""], mapping=mapping)
    assert {(row.role, row.resource) for row in rows} == {("Member", "Console")}


def test_a_column_of_yes_and_no_becomes_a_state():
    rows, _, _ = read(["Username", "Role", "Enabled"], ["a", "x", "TRUE"], ["b", "x", "false"], ["c", "x", "Locked"])
    assert [row.account_state for row in rows] == ["active", "inactive", "locked"]


def test_errors_name_the_row_and_every_reason():
    rows, errors, result = read(
        ["Username", "Role", "Last login"], ["", "", ""], ["a", "x", "03/04/2026"], ["", "", "Never"], ["b", "x", ""]
    )
    assert [row.account_id for row in rows] == ["b"]
    assert (errors[0].row_number, errors[1].row_number) == (3, 4)
    assert "day first or month first" in errors[0].reasons[0]
    assert errors[1].reasons == ["The row names no account.", "The row names no role or permission."]
    assert (result.read, result.accepted, result.rejected) == (3, 1, 2)


def test_ids_that_are_too_long_are_errors():
    _, errors, _ = read(["Username", "Role"], ["a" * 501, "x"])
    assert errors[0].reasons == ["The account name is longer than 500 characters."]


def test_a_right_listed_twice_counts_once_and_a_difference_is_noted():
    rows = [["a", "x", "1"], ["b", "x", "1"], ["a", "x", "1"], ["a", "x", "2"]]
    taken_rows, errors, result = read(["Username", "Role", "Description"], *rows)
    assert (len(taken_rows), errors) == (2, [])
    assert (result.read, result.accepted, result.duplicates, result.differing) == (4, 2, 2, 1)
    assert [(d.row_number, d.first_row_number, d.differs) for d in result.duplicate_rows] == [(4, 2, False), (5, 2, True)]


def test_the_hr_systems_semicolons_and_latin_1_are_read():
    rows, _, _ = read(["Benutzername", "Rolle", "Name"], ["jm", "Prüfer", "Jürgen Müßig"], encoding="latin-1", delimiter=";")
    assert (rows[0].role, rows[0].display_name) == ("Prüfer", "Jürgen Müßig")


def test_a_mapping_is_checked_field_by_field():
    problems = validate(Mapping({"role": "Rolle", "shoe_size": "x"}, {"granted_at": "2026-01-01"}, date_order="ymd"), ["Role"])
    assert set(problems) == {"role", "", "date_order", "account_id", "granted_at"}
    assert problems["role"] == ["The file has no column “Rolle”."]
    with pytest.raises(FormatError, match="no column “Rolle”"):
        read(["Role"], ["x"], mapping=Mapping({"role": "Rolle", "account_id": "Role"}))


def test_a_mapping_survives_json_and_rubbish():
    mapping = Mapping({"role": "Role"}, {"resource": "x"}, ["admin"], "dmy")
    assert Mapping.from_dict(mapping.to_dict()) == mapping
    assert Mapping.from_dict({"columns": [1], "constants": {"a": 1}, "privileged_values": [1, "b"]}) == Mapping(
        privileged_values=["b"]
    )


def test_a_mapping_is_remembered_by_the_headers_in_any_order_and_case():
    assert fingerprint(["User ID", "Role"]) == fingerprint(["role", "user_id"])
    assert fingerprint(["User ID", "Role"]) != fingerprint(["User ID", "Role", "x"])


def test_counts_go_along_with_the_rows():
    with open_table(csv_file(["Username", "Role"], ["a", "x"], ["b", "x"])) as table:
        result = read_generic(table, suggest_mapping(table.headers))
        rows = iter(result)
        next(rows)
        assert (result.read, result.accepted) == (1, 1)
        result.close()


def test_letters_that_grow_in_lower_case_do_not_outgrow_their_column():
    _, errors, _ = read(["Username", "Role", "Status"], ["a", "x", "İ" * 100])
    assert errors[0].reasons == ["The account's id or state is too long."]


def test_a_right_known_by_its_id_alone_is_judged_by_its_id():
    mapping = Mapping({"account_name": "Username", "entitlement_key": "Permission id"}, privileged_values=["root"])
    rows, _, _ = read(["Username", "Permission id"], ["a", "root"], ["b", "reader"], mapping=mapping)
    assert [(row.role, row.privileged) for row in rows] == [("root", True), ("reader", False)]
