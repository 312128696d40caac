"""Okta people and application assignments."""

import pytest

from inventory.formats.registry import FORMATS, read, recognise
from tests.inventory.formats.samples import csv_file, taken

HEALTH = ["User", "Login", "Status", "Activation date", "Authentication Source", "Last Login", "Last Password Change"]
CURRENT = [
    "User",
    "Login",
    "Application name",
    "Application instance",
    "Application login",
    "Assigned on",
    "Unassigned on",
    "Last login",
]
ADA = ["Ada Lovelace", "Ada@larkfield.example", "ACTIVE", "2024-01-01T00:00:00Z", "OKTA", "2026-10-01T12:00:00Z", ""]
BOB = ["Bob Noyce", "bob@larkfield.example", "DEPROVISIONED", "2024-01-01T00:00:00Z", "OKTA", "", ""]


def assigned(login, app="GitHub", ended=""):
    return ["x", login, "github", app, "ada-gh", "2025-02-03T00:00:00.000Z", ended, "2026-09-01T00:00:00Z"]


def run(people, assignments=None, headers=HEALTH):
    parts = {"people": csv_file(headers, *people)}
    if assignments is not None:
        parts["assignments"] = csv_file(CURRENT, *assignments)
    result = read("okta", parts)
    return *taken(result), result


def test_people_and_their_applications_are_entitlements():
    rows, errors, result = run([ADA, BOB], [assigned("ada@larkfield.example"), assigned("bob@larkfield.example", "AWS")])
    assert errors == []
    assert [(r.account_id, r.entitlement_key, r.account_state) for r in rows] == [
        ("ada@larkfield.example", "account", "active"),
        ("bob@larkfield.example", "account", "deprovisioned"),
        ("ada@larkfield.example", "app:GitHub", "active"),
        ("bob@larkfield.example", "app:AWS", "deprovisioned"),
    ]
    assert rows[0].display_name == "Ada Lovelace"
    assert rows[1].last_used_state == "no_information"
    assert (rows[2].resource, rows[2].meaning, rows[2].part) == ("GitHub", "Signs in to GitHub as ada-gh.", "assignments")
    assert rows[2].granted_at.isoformat() == "2025-02-03T00:00:00+00:00"
    assert (result.records, result.accounts, result.identified_by) == ({"people": 2, "assignments": 2}, 2, "login")
    assert "deprovisioned" in FORMATS["okta"].no_access_states


def test_an_assignment_of_somebody_unknown_is_an_error():
    _, errors, _ = run([ADA], [assigned("eve@larkfield.example")])
    assert (errors[0].part, errors[0].row_number) == ("assignments", 2)
    assert "not in the people file" in errors[0].reasons[0]


def test_an_assignment_that_ended_is_no_access_and_is_counted():
    rows, _, result = run([ADA], [assigned("ada@larkfield.example", ended="2026-01-01T00:00:00Z")])
    assert [row.entitlement_key for row in rows] == ["account"]
    assert "Assignments that ended before the export and are no access any more: 1." in result.notices


def test_the_same_application_twice_is_a_duplicate():
    _, _, result = run([ADA], [assigned("ada@larkfield.example"), assigned("ADA@larkfield.example")])
    assert (result.duplicates, result.differing) == (1, 0)


def test_okta_ids_are_the_account_ids_when_the_file_has_them():
    headers = ["id", "login", "firstName", "lastName", "email", "status", "lastLogin", "passwordChanged", "Admin roles"]
    people = [
        [
            "00u1",
            "ada",
            "Ada",
            "Lovelace",
            "ada@larkfield.example",
            "ACTIVE",
            "2026-10-01T12:00:00.000Z",
            "",
            "Super Administrator; App Admin",
        ]
    ]
    rows, errors, result = run(people, [assigned("ada")], headers=headers)
    assert errors == []
    assert result.identified_by == "Okta user id"
    assert {row.account_id for row in rows} == {"00u1"}
    assert [(r.role, r.privileged) for r in rows] == [
        ("Okta account", False),
        ("Super Administrator", True),
        ("App Admin", True),
        ("Assigned", None),
    ]
    assert rows[0].display_name == "Ada Lovelace"


def test_a_file_without_assignments_says_so():
    assert any("only the Okta accounts" in notice for notice in run([ADA])[2].notices)


@pytest.mark.parametrize(
    "headers",
    [
        HEALTH,
        [
            "id",
            "status",
            "created",
            "activated",
            "statusChanged",
            "lastLogin",
            "passwordChanged",
            "login",
            "email",
            "firstName",
            "lastName",
        ],
        ["User full name", "Okta username", "Primary email", "Okta user status", "Status change date"],
    ],
)
def test_people_are_recognised_by_their_headers(headers):
    found = recognise([("people.csv", csv_file(headers, ["x"] * len(headers))), ("apps.csv", csv_file(CURRENT, assigned("a")))])
    assert found is not None
    assert found.format.key == "okta"
    assert {key: upload.name for key, upload in found.parts.items()} == {"people": "people.csv", "assignments": "apps.csv"}


def test_an_assignment_that_may_be_of_two_people_is_an_error_and_of_neither():
    headers = ["id", "login", "status", "passwordChanged"]
    people = [["00u1", "ada", "DEPROVISIONED", ""], ["00u2", "Ada", "ACTIVE", ""], ["00u3", "bob", "ACTIVE", ""]]
    rows, errors, _ = run(people, [assigned("ada"), assigned("bob")], headers=headers)
    assert [row.account_id for row in rows if row.part == "assignments"] == ["00u3"]
    assert errors[0].reasons == ["Several people have the login “ada”. Export the assignments with Okta's user id."]
    parts = {
        "people": csv_file(headers, *people),
        "assignments": csv_file(["Okta User ID", "Login", "Application"], ["00u2", "ada", "GitHub"]),
    }
    rows, errors = taken(read("okta", parts))
    assert ([row.account_id for row in rows if row.part == "assignments"], errors) == (["00u2"], [])


def test_what_was_assigned_again_after_it_ended_is_access():
    again, over = (
        assigned("ada@larkfield.example", ended="2025-01-01T00:00:00Z"),
        assigned("ada@larkfield.example", "AWS", "2025-03-01"),
    )
    rows, errors, result = run([ADA], [again, over])
    assert (errors, [row.resource for row in rows if row.part == "assignments"]) == ([], ["GitHub"])
    assert "Assignments that ended before the export and are no access any more: 1." in result.notices


def test_a_word_for_no_role_is_no_administrator():
    headers = ["login", "status", "passwordChanged", "Admin roles"]
    people = [[f"p{number}", "ACTIVE", "", word] for number, word in enumerate(("-", "n/a", "None", "Report Admin; -"))]
    rows, _, _ = run(people, headers=headers)
    assert [(row.account_name, row.role) for row in rows if row.privileged] == [("p3", "Report Admin")]
