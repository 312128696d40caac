"""GitHub members, outside collaborators and permissions, as CSV and as the API's JSON."""

import io
import json

import pytest

from evidence.tables.errors import FormatError
from inventory.formats.registry import read, recognise
from tests.inventory.formats.samples import csv_file, json_file, taken

EXPORT = ["login", "name", "tfa_enabled", "is_public", "role", "last_active", "saml_name_id"]
ADA = ["ada-l", "Ada Lovelace", "true", "false", "Owner", "2026-10-01T12:00:00Z", ""]
JM = ["jm-codes", "", "false", "false", "Member", "", ""]


def api_user(login, number, **more):
    return {
        "login": login,
        "id": number,
        "node_id": "x",
        "type": "User",
        "site_admin": False,
        "html_url": "https://x.example",
    } | more


def run(**parts):
    result = read("github", parts)
    return *taken(result), result


def test_the_organizations_own_export_is_read():
    rows, errors, result = run(members=csv_file(EXPORT, ADA, JM))
    assert errors == []
    assert [(r.account_id, r.role, r.privileged, r.last_used_state) for r in rows] == [
        ("ada-l", "Owner", True, "known"),
        ("jm-codes", "Member", False, "no_information"),
    ]
    assert rows[1].email == ""
    assert rows[1].meaning.endswith("No two-factor authentication.")
    assert result.identified_by == "login"


def test_the_apis_json_gives_ids_and_what_it_lacks_is_unknown():
    rows, _, result = run(members=json_file([api_user("Ada-L", 7), api_user("bob", 8, role="admin")]))
    assert [(r.account_id, r.account_name, r.role, r.privileged, r.last_used_state) for r in rows] == [
        ("7", "Ada-L", "Member", None, "not_in_file"),
        ("8", "bob", "Owner", True, "not_in_file"),
    ]
    assert result.identified_by == "id"


def test_permissions_belong_to_members_or_outside_collaborators():
    permissions = csv_file(
        ["login", "repository", "permission"],
        ["ADA-L", "acme/web", "admin"],
        ["guest", "acme/web", "push"],
        ["eve", "acme/web", "pull"],
    )
    rows, errors, result = run(
        members=csv_file(EXPORT, ADA), outside_collaborators=csv_file(["login", "name"], ["guest", "G"]), permissions=permissions
    )
    assert [(r.account_id, r.entitlement_key, r.role, r.privileged) for r in rows] == [
        ("ada-l", "organization:owner", "Owner", True),
        ("guest", "organization:outside collaborator", "Outside collaborator", False),
        ("ada-l", "repository:acme/web:admin", "Admin", True),
        ("guest", "repository:acme/web:write", "Write", False),
    ]
    assert rows[2].resource == "acme/web"
    assert (errors[0].part, errors[0].row_number) == ("permissions", 4)
    assert "neither in the members nor" in errors[0].reasons[0]
    assert result.accounts == 2


def test_repositories_with_their_collaborators_are_laid_flat():
    collaborator = {
        "login": "ada-l",
        "id": 7,
        "permissions": {"admin": False, "maintain": True, "push": True, "triage": True, "pull": True},
    }
    permissions = json_file(
        [
            {
                "full_name": "acme/web",
                "name": "web",
                "collaborators": [collaborator, {"login": "ada-l", "role_name": "custom-reader"}],
            }
        ]
    )
    rows, errors, _ = run(members=csv_file(EXPORT, ADA), permissions=permissions)
    assert errors == []
    assert [(r.role, r.resource, r.privileged) for r in rows[1:]] == [
        ("Maintain", "acme/web", False),
        ("Custom-reader", "acme/web", None),
    ]


def test_an_object_of_repositories_and_teams_with_members_are_read_too():
    by_name = json_file({"acme/web": [{"login": "ada-l", "permission": "read"}]})
    rows, _, _ = run(members=csv_file(EXPORT, ADA), permissions=by_name)
    assert (rows[1].entitlement_key, rows[1].role) == ("repository:acme/web:read", "Read")
    teams = json_file(
        [{"slug": "platform", "name": "Platform", "members": [{"login": "ada-l", "role": "maintainer"}, {"login": "ada-l"}]}]
    )
    rows, _, _ = run(members=csv_file(EXPORT, ADA), permissions=teams)
    assert [(r.entitlement_key, r.resource) for r in rows[1:]] == [
        ("team:platform:maintainer", "platform"),
        ("team:platform:member", "platform"),
    ]


def test_pages_that_gh_writes_one_after_the_other_are_one_list():
    pages = json.dumps([api_user("a", 1)]) + json.dumps([api_user("b", 2)])
    rows, _, _ = run(members=io.BytesIO(pages.encode()))
    assert [row.account_id for row in rows] == ["1", "2"]


def test_a_changed_role_is_another_entitlement_so_that_a_change_can_be_verified():
    before, _, _ = run(members=csv_file(EXPORT, ADA))
    after, _, _ = run(members=csv_file(EXPORT, [*ADA[:4], "Member", *ADA[5:]]))
    assert (before[0].entitlement_key, after[0].entitlement_key) == ("organization:owner", "organization:member")


def test_files_with_and_without_ids_are_not_mixed():
    with pytest.raises(FormatError, match="same export"):
        run(members=csv_file(EXPORT, ADA), outside_collaborators=json_file([api_user("g", 9)]))


def test_entries_that_are_no_records_are_errors():
    _, errors, _ = run(members=json_file([api_user("a", 1), 5, {"login": ["x"], "id": 2}, {"login": "\ud800", "id": 3}]))
    assert [(e.row_number, e.reasons[0]) for e in errors] == [
        (2, "The entry is not a record."),
        (3, "The login is not a text."),
        (4, "The login is too long or has characters that cannot be stored."),
    ]


def test_the_three_files_are_told_apart():
    found = recognise(
        [
            ("members.json", json_file([api_user("a", 1)])),
            ("outside.json", json_file([api_user("g", 9)])),
            (
                "repos.json",
                json_file([{"full_name": "acme/web", "collaborators": [{"login": "a", "permissions": {"pull": True}}]}]),
            ),
        ]
    )
    assert found is not None
    assert found.format.key == "github"
    assert {key: upload.name for key, upload in found.parts.items()} == {
        "members": "members.json",
        "outside_collaborators": "outside.json",
        "permissions": "repos.json",
    }


def test_a_persons_full_name_is_no_repository():
    permissions = csv_file(["login", "full name", "team", "role"], ["ada-l", "Ada Lovelace", "platform", "maintainer"])
    rows, errors, _ = run(members=csv_file(EXPORT, ADA), permissions=permissions)
    assert errors == []
    assert (rows[1].resource, rows[1].entitlement_key) == ("platform", "team:platform:maintainer")
