"""The files of the example, read by the readers of the product: exactly what the table of the example says."""

import csv
import datetime as dt
import io
import zoneinfo

import pytest

from evidence.tables.reading import open_table
from evidence.tables.rows import RowError
from example.roster import EVERYBODY, RosterDates, roster_before, roster_now
from example.sources import aws, github, google_workspace, hr, okta, payments, postgresql
from example.sources.all import BY_NAME, SOURCES
from example.sources.population import Export
from inventory.formats.generic import read_generic
from inventory.formats.registry import Upload, read, recognise
from inventory.formats.roster import read_roster, suggest_roster_mapping

TODAY = dt.date(2026, 11, 21)
AS_OF = dt.datetime(2026, 11, 21, 14, tzinfo=dt.UTC)
ZONE = "America/New_York"
EXPORT = Export(AS_OF, TODAY, zoneinfo.ZoneInfo(ZONE))
TABLE = {
    "Okta": (61, 148), "Google Workspace": (63, 70), "AWS production": (25, 66), "GitHub": (36, 142),
    "Production PostgreSQL": (11, 27), "Customer console": (28, 51), "Payments": (9, 14), "HR system": (58, 82),
}  # fmt: skip
PHASES = ("before", "after", "finally_")


def files_of(source, phase="finally_"):
    return source.write(getattr(source, phase)(), EXPORT)


def rows_of(source, files):
    """All rows as the product reads them, and the exhausted result."""
    mapping = source.mapping()
    if mapping.columns:
        with open_table(io.BytesIO(files[0][1])) as table:
            result = read_generic(table, mapping, zone=ZONE)
            return list(result), result
    found = recognise([Upload(name, io.BytesIO(content)) for name, content in files])
    assert found is not None
    assert (found.unknown, found.missing, found.left_out) == ((), (), ())
    result = read(found.format.key, {part: upload.source for part, upload in found.parts.items()}, zone=ZONE)
    return list(result), result


def rights_of(source, phase):
    return {(row.account_name, row.role, row.resource) for row in rows_of(source, files_of(source, phase))[0]}


def test_the_table_has_eight_systems_291_accounts_and_600_entitlements():
    assert {source.name: (source.accounts, source.entitlements) for source in SOURCES} == TABLE
    assert [sum(column) for column in zip(*TABLE.values(), strict=True)] == [291, 600]


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("name", TABLE)
def test_the_readers_find_exactly_the_accounts_and_entitlements_of_the_table(name, phase):
    rows, result = rows_of(BY_NAME[name], files_of(BY_NAME[name], phase))
    assert not [row for row in rows if isinstance(row, RowError)]
    assert (result.accounts, result.accepted) == TABLE[name]
    assert result.duplicates == (name == "HR system")


def test_the_third_quarter_decides_on_37_removals_and_12_changes_of_what_is_there():
    verdicts = [(source, verdict) for source in SOURCES for verdict in source.verdicts]
    assert (sum(not one.target for _, one in verdicts), sum(bool(one.target) for _, one in verdicts)) == (37, 12)
    for source in SOURCES:
        assert {verdict.spoken for verdict in source.verdicts} <= rights_of(source, "before")


@pytest.mark.parametrize("name", TABLE)
def test_later_exports_show_what_became_of_the_removals(name):
    source = BY_NAME[name]
    after, finally_ = rights_of(source, "after"), rights_of(source, "finally_")
    for verdict in source.verdicts:
        stays = verdict.outcome in {"accepted", "deprovisioned"}
        assert (verdict.spoken in after) == (stays or verdict.outcome == "late")
        assert (verdict.spoken in finally_) == (stays or verdict.spoken in source.again)
        if verdict.target:
            assert (verdict.login, verdict.target, verdict.resource) in after


def test_okta_still_lists_two_who_are_deprovisioned_and_one_leaver_who_is_not():
    rows, _ = rows_of(okta.SOURCE, files_of(okta.SOURCE))
    states = {row.email: row.account_state for row in rows}
    assert [key for key, state in states.items() if state == "deprovisioned"] == [
        "gordon.hayes@larkfield.example",
        "mei.lin@larkfield.example",
    ]
    assert states["nadia.brooks@larkfield.example"] == "active"


def test_google_workspace_has_shared_addresses_and_a_super_admin_without_a_second_step():
    rows, _ = rows_of(google_workspace.SOURCE, files_of(google_workspace.SOURCE))
    assert "billing@larkfield.example" in {row.account_id for row in rows}
    (weak,) = [row for row in rows if row.role == "Super Admin" and "No 2-step" in row.meaning]
    assert weak.email == "helen.marsh@larkfield.example"


def test_aws_has_a_root_account_an_old_key_a_dormant_user_and_one_whose_use_is_unknown():
    rows, _ = rows_of(aws.SOURCE, files_of(aws.SOURCE))
    by_key = {(row.account_name, row.role): row for row in rows}
    assert by_key["<root_account>", "Root account"].last_used_state == "not_supported"
    old = by_key["deploy-bot", "Access key 1"]
    assert (TODAY - old.granted_at.date()).days == 412
    assert (AS_OF - by_key["lena.vogel", "Console password"].last_used_at).days == 140
    assert by_key["erik.johansson", "Console password"].last_used_state == "no_information"
    assert by_key["marcus.reed", "Access key 1"].account_state == "active"


def test_github_has_no_e_mails_five_owners_two_outside_collaborators_and_a_login_that_says_nothing():
    files = files_of(github.SOURCE)
    rows, result = rows_of(github.SOURCE, files)
    assert {row.email for row in rows} == {""}
    assert sum(row.role == "Owner" for row in rows) == 5
    assert result.records["outside_collaborators"] == 2
    assert {row.display_name for row in rows if row.account_name == "jm-codes"} == {""}
    assert sum(one.name.startswith("J") and one.name.split()[1].startswith("M") for one in EVERYBODY.values()) == 2


def test_the_first_github_export_is_cut_off_three_rows_before_its_end():
    _, result = rows_of(github.SOURCE, github.truncated(files_of(github.SOURCE, "after"), rows=3))
    assert (result.accepted, result.rejected, github.SOURCE.stated) == (139, 0, 142)


def test_postgresql_has_a_shared_login_one_without_an_owner_and_a_grant_by_somebody_who_has_left():
    rows, _ = rows_of(postgresql.SOURCE, files_of(postgresql.SOURCE))
    assert {"readonly", "migrator"} <= {row.account_name for row in rows}
    assert [row.account_name for row in rows if row.privileged and row.granted_by == "richard.stahl@larkfield.example"] == [
        "fzahra"
    ]


def test_one_person_may_create_and_approve_a_payout():
    rows, _ = rows_of(payments.SOURCE, files_of(payments.SOURCE))
    both = {"Create payouts", "Approve payouts"}
    people = {row.email for row in rows}
    assert [one for one in people if both <= {row.role for row in rows if row.email == one}] == ["priya.nair@larkfield.example"]


def test_the_hr_system_writes_semicolons_in_latin_1():
    ((_, content),) = files_of(hr.SOURCE)
    assert b";" in content
    assert "Lena Vögel".encode("latin-1") in content
    with pytest.raises(UnicodeDecodeError):
        content.decode()


def test_an_address_in_odd_case_and_one_from_before_a_marriage():
    console = BY_NAME["Customer console"]
    addresses = {row.email for row in rows_of(console, files_of(console))[0]}
    assert {"Kevin.Doyle@Larkfield.example", "emily.watson@larkfield.example"} <= addresses


@pytest.mark.parametrize("today", [dt.date(2026, 1, 2), dt.date(2028, 2, 29), dt.date(2026, 6, 30), dt.date(2026, 11, 21)])
def test_the_roster_of_today_has_56_employees_3_contractors_and_5_who_have_left(today):
    dates = RosterDates(today, today - dt.timedelta(days=60))
    people = people_of(roster_now(dates), today)
    kinds = [(person.kind, person.status == "left") for person in people]
    assert [kinds.count(one) for one in (("employee", False), ("contractor", False), ("employee", True))] == [56, 3, 5]
    assert {person.manager_email for person in people} - {""} <= {person.email for person in people}


def test_a_quarter_earlier_there_were_no_joiners_and_one_has_not_come_back():
    dates = RosterDates(TODAY, dt.date(2026, 9, 30))
    before = {person.email: person for person in people_of(roster_before(dates), TODAY)}
    now = {person.email: person for person in people_of(roster_now(dates), TODAY)}
    assert len(now) - len(before) == 3
    assert (before["sam.whitaker@larkfield.example"].status, now["sam.whitaker@larkfield.example"].status) == ("left", "active")
    assert (before["ben.carter@larkfield.example"].department, now["ben.carter@larkfield.example"].department) == (
        "Support",
        "Finance",
    )
    assert (
        now["marcus.reed@larkfield.example"].contract_ends_on < TODAY < before["marcus.reed@larkfield.example"].contract_ends_on
    )


def people_of(content, today):
    with open_table(io.BytesIO(content)) as table:
        rows = list(read_roster(table, suggest_roster_mapping(table.headers), zone=ZONE, today=today))
    assert not [row for row in rows if isinstance(row, RowError)]
    return rows


def test_nothing_was_used_after_the_export():
    for source in SOURCES:
        used = [row.last_used_at for row in rows_of(source, files_of(source))[0] if row.last_used_at]
        assert all(moment < AS_OF for moment in used)


def test_the_files_are_the_same_each_time():
    for source in SOURCES:
        assert files_of(source) == files_of(source)
        assert all(list(csv.reader(io.StringIO(content.decode("latin-1")))) for _, content in files_of(source))
