"""Recognising files by their content."""

import io
import json

import pytest

from evidence.tables.errors import FormatError
from inventory.formats.declarations import Upload
from inventory.formats.registry import FORMATS, read, recognise
from tests.inventory.formats.samples import GOOGLE_HEADERS, aws_user, credential_report, csv_file, details, google_row


def test_aws_files_are_recognised_whatever_their_names():
    found = recognise(
        [("b.txt", details([aws_user("ada", 1)])), ("a.txt", credential_report()), ("readme.txt", io.BytesIO(b"Hello there"))]
    )
    assert found is not None
    assert (found.format.key, set(found.parts)) == ("aws_iam", {"credential_report", "authorization_details"})
    assert [upload.name for upload in found.unknown] == ["readme.txt"]
    assert (found.missing, found.left_out) == ((), ())


def test_a_missing_part_is_named():
    found = recognise([("a.csv", credential_report())])
    assert found is not None
    assert [part.key for part in found.missing] == ["authorization_details"]


def test_google_is_recognised():
    found = recognise([("users.csv", csv_file(GOOGLE_HEADERS, google_row("A", "B", "a@x.example")))])
    assert found is not None
    assert found.format.key == "google_workspace"


@pytest.mark.parametrize(
    "file",
    [
        csv_file(["Username", "Role", "Status", "Last login"], ["a", "b", "c", "d"]),
        csv_file(["Login", "Name", "E-mail", "Role", "Application"], ["a", "b", "c", "d", "e"]),
        io.BytesIO(b""),
        io.BytesIO(b"%PDF-1.7"),
        io.BytesIO(b'{"a": 1}'),
        io.BytesIO(b"[[[["),
        io.BytesIO(b"[1, 2]"),
    ],
)
def test_what_is_no_known_export_is_left_to_the_mapping(file):
    assert recognise([("x", file)]) is None


def test_nothing_is_nothing():
    assert recognise([]) is None


def test_every_format_says_what_it_covers_and_lacks():
    for known in FORMATS.values():
        assert known.covers
        assert known.lacks
        assert known.no_access_states
        assert all(state == state.lower() for state in known.no_access_states)
        assert known.part(known.parts[0].key).required


def test_a_list_needs_its_mapping():
    with pytest.raises(FormatError, match="mapping"):
        read("generic", {"table": io.BytesIO(b"a,b\n1,2\n")})


FILLER = "x" * (2 << 20)


@pytest.mark.parametrize(
    ("document", "key"),
    [
        ([{"login": "ada", "id": 1, "site_admin": False}, {"login": "ben", "id": 2, "site_admin": FILLER}], "github"),
        ({"repositories": [{"full_name": "acme/web", "collaborators": [{"login": "ada"}, {"login": FILLER}]}]}, "github"),
        ({"UserDetailList": [{"UserName": "ada", "Path": FILLER}]}, "aws_iam"),
        ({"GroupDetailList": [], "Policies": [FILLER], "UserDetailList": []}, "aws_iam"),
        ({"Content": FILLER, "ReportFormat": "text/csv"}, "aws_iam"),
        ([*json.loads("[" * 500 + "1" + "]" * 500), FILLER], None),
        ([FILLER], None),
    ],
)
def test_a_large_document_is_recognised_by_its_beginning(document, key):
    found = recognise([Upload("export.json", io.BytesIO(json.dumps(document).encode()))])
    assert (found.format.key if found else None) == key
