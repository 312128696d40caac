"""People out of the HR system."""

import datetime as dt

import pytest

from evidence.tables.errors import FormatError
from evidence.tables.reading import open_table
from inventory.formats.mapping import Mapping
from inventory.formats.roster import read_roster, suggest_roster_mapping
from tests.inventory.formats.samples import csv_file, taken

HEADERS = [
    *("First Name", "Last Name", "Work Email", "Employee ID", "Manager Email", "Department", "Job Title", "Employment Type"),
    *("Hire Date", "Termination Date", "Contract End Date", "Employment Status"),
]
TODAY = dt.date(2026, 11, 21)


def person(**changes):
    base = dict.fromkeys(HEADERS, "") | {
        "First Name": "Ada",
        "Last Name": "Lovelace",
        "Work Email": "Ada@X.example",
        "Employee ID": "E1",
    }
    return list((base | {key.replace("_", " "): value for key, value in changes.items()}).values())


def read(*rows, headers=HEADERS, mapping=None):
    with open_table(csv_file(headers, *rows)) as table:
        result = read_roster(table, mapping or suggest_roster_mapping(table.headers), today=TODAY)
        return *taken(result), result


def test_the_usual_headers_are_mapped():
    assert suggest_roster_mapping(HEADERS).columns == {
        "first_name": "First Name",
        "last_name": "Last Name",
        "email": "Work Email",
        "employee_number": "Employee ID",
        "manager_email": "Manager Email",
        "department": "Department",
        "title": "Job Title",
        "kind": "Employment Type",
        "started_on": "Hire Date",
        "left_on": "Termination Date",
        "contract_ends_on": "Contract End Date",
        "status": "Employment Status",
    }


def test_a_person_is_read_whole():
    row = person(
        Department="Finance",
        Employment_Type="Contractor",
        Hire_Date="2024-01-02",
        Contract_End_Date="31.12.2026",
        Employment_Status="Active",
    )
    (ada,), errors, result = read(row)
    assert errors == []
    assert (ada.row_number, ada.name, ada.email, ada.kind, ada.department) == (
        2,
        "Ada Lovelace",
        "Ada@X.example",
        "contractor",
        "Finance",
    )
    assert (ada.started_on, ada.contract_ends_on, ada.status) == (dt.date(2024, 1, 2), dt.date(2026, 12, 31), "active")
    assert (result.read, result.accepted) == (1, 1)


def test_a_last_working_day_in_the_past_means_left_whatever_the_word():
    (row,), _, result = read(person(Termination_Date="2026-11-20", Employment_Status="Active"))
    assert (row.status, row.left_on) == ("left", dt.date(2026, 11, 20))
    assert "called active although" in result.notices[0]


def test_the_last_working_day_itself_is_still_worked():
    (row,), _, _ = read(person(Termination_Date="2026-11-21"))
    assert row.status == "active"


def test_leave_is_not_leaving():
    (row,), _, _ = read(person(Employment_Status="Leave of absence"))
    assert row.status == "on_leave"


def test_a_rehire_with_the_same_address_and_a_new_number_is_a_second_person_row():
    rows, _, result = read(person(Termination_Date="2025-01-31"), person(Employee_ID="E9"))
    assert [row.status for row in rows] == ["left", "active"]
    assert result.duplicates == 0


def test_the_same_number_twice_is_a_duplicate():
    _, _, result = read(person(), person(Department="Sales"))
    assert (result.accepted, result.duplicates, result.differing) == (1, 1, 1)


def test_every_reason_is_named():
    row = person(
        First_Name="",
        Last_Name="",
        Work_Email="nobody",
        Employee_ID="",
        Hire_Date="2026-01-02",
        Termination_Date="2025-01-02",
        Employment_Status="Zombie",
    )
    _, (error,), _ = read(row)
    assert error.row_number == 2
    assert error.reasons == [
        "The row has no name.",
        "“nobody” is not an e-mail address.",
        "The last working day lies before the first.",
        "“Zombie” is not a known state; write active, on leave or left.",
    ]


def test_a_person_needs_an_address_or_a_number():
    _, (error,), _ = read(person(Work_Email="", Employee_ID=""))
    assert error.reasons == ["The row has neither an e-mail address nor an employee number."]


def test_a_mapping_without_a_name_is_refused():
    with pytest.raises(FormatError, match=r"column of the name.*address or of the employee number"):
        read(["x"], headers=["Team"], mapping=Mapping({"department": "Team"}))


def test_first_and_last_name_together_have_to_fit():
    _, (error,), _ = read(person(First_Name="a" * 150, Last_Name="b" * 150))
    assert error.reasons == ["The name is longer than 200 characters."]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Permanent contract", "employee"),
        ("Fixed-term contract", "employee"),
        ("Full-time", "employee"),
        ("", "employee"),
        ("Contract worker", "contractor"),
        ("External", "contractor"),
        ("Freelancer", "contractor"),
    ],
)
def test_an_employees_contract_makes_no_contractor(words, kind):
    (row,), _, _ = read(person(Employment_Type=words))
    assert row.kind == kind
