"""The register of policies goes out and comes in again without loss, and what a file may not do."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from audit.models import AuditEvent
from controls.catalogue.actions import create_control
from controls.models import Control
from controls.sheets.importing import import_rows, preview, receive
from controls.sheets.planning import Plan
from evidence.models import StoredFile
from policies.models import Policy
from policies.publishing.actions import retire_policy
from policies.register.actions import create_policy
from policies.register.sheet import REGISTER, SAMPLE
from tenancy.scope import tenant
from tests.cast import signed_in
from tests.reviews.world import person
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("db")
PAGES = "/o/acme/policies/register/"
SAME = ("title", "kind", "owner__name", "review_months", "quorum", "criteria", "status", "retired_on", "documents__control__code")


def brought(actor: Member, data: bytes, name: str = "policies.csv") -> tuple[StoredFile, Plan]:
    stored = receive(REGISTER, actor=actor, upload=SimpleUploadedFile(name, data))
    return stored, preview(REGISTER, stored)


def control(actor: Member, code: str) -> Control:
    return create_control(actor=actor, code=code, title=code, cadence="yearly", in_scope_since=dt.date(2026, 1, 1))


def kept() -> list[str]:
    return sorted(repr(row) for row in Policy.objects.values_list(*SAME))


@pytest.fixture
def register(acme, manager) -> None:
    """One with everything, one with nothing, and one that was retired before its name was taken again."""
    with tenant(acme):
        old = create_policy(actor=manager, title="Access, and who; has it", review_months=6)
        retire_policy(old, actor=manager, reason="Written anew.")
        create_policy(
            actor=manager, title="Access, and who; has it", kind="procedure", owner=person("Ada"), quorum=2,
            criteria=["CC6.2", "CC6.1"], controls=[control(manager, "AC-1"), control(manager, "AC-2")],
        )  # fmt: skip
        create_policy(actor=manager, title="=Backup")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_register_comes_back_as_it_went(register, acme, manager, globex, kind):
    answer = signed_in(manager).get(f"{PAGES}export/{kind}/")
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    with tenant(acme):
        before = kept()
        _, plan = brought(manager, data, f"policies.{kind}")
        assert (len(plan.same), plan.new, plan.changes, [one.errors for one in plan.wrong]) == (3, [], [], [])
    theirs = Member.objects.get(user__email="manager@globex.example")
    with tenant(globex):
        person("Ada")
        for code in ("AC-1", "AC-2"):
            control(theirs, code)
        stored, plan = brought(theirs, data, f"policies.{kind}")
        assert [one.errors for one in plan.wrong] == []
        import_rows(REGISTER, stored, actor=theirs, stamp=plan.stamp())
        assert [row.replace("CC6.1', 'CC6.2", "CC6.2', 'CC6.1") for row in kept()] == before
        with pytest.raises(ActionRefused, match="here already"):
            import_rows(REGISTER, stored, actor=theirs)


def test_a_file_changes_what_it_says_and_leaves_the_rest(register, acme, manager):
    with tenant(acme):
        person("Ben")
        stored, plan = brought(manager, b'Title,Owner,Controls\n"Access, and who; has it",Ben,AC-2\n')
        assert [one.words for one in plan.changes] == [["Owner", "Controls"]]
        import_rows(REGISTER, stored, actor=manager, stamp=plan.stamp())
        one = Policy.objects.get(title="Access, and who; has it", status="active")
        assert (one.owner.name, one.quorum, [row.control.code for row in one.documents.all()]) == ("Ben", 2, ["AC-2"])
        assert AuditEvent.objects.filter(verb="policy.edit", object_id=one.pk).exists()


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("New,,,,CC99.1,,", "Criteria: there is no CC99.1"),
        ("New,,,,,ZZ-9,", "Controls: there is no ZZ-9"),
        ("New,Nobody Known,,,,,", "Owner: Nobody on the roster is Nobody Known"),
        ("New,,99,,,,", "from 1 to 36"),
        ("New,,,0,,,", "from 1 to 9"),
        ("New,,,,,,Retired", "Retired on: is missing"),
        ("=Backup,,,,,,Retired", "it is in use here"),
        (",Ada,,,,,", "Title: is missing"),
    ],
)
def test_rows_that_are_wrong_say_why(register, acme, manager, row, why):
    with tenant(acme):
        head = "Title,Owner,Reviewed every so many months,Approvals needed,Criteria,Controls,State\n"
        _, plan = brought(manager, f"{head}{row}\nOther,,,,,,\n".encode())
        assert why in " ".join(plan.wrong[0].errors)
        assert [one.line.name for one in plan.new] == ["Other"]


def test_a_number_does_not_rename_a_policy_and_a_row_stands_once(register, acme, manager):
    with tenant(acme):
        number = Policy.objects.get(title="=Backup").reference
        _, plan = brought(manager, f"Number,Title\n{number},Restoring\n,New\n,new\n".encode())
        assert "A title changes with a version" in plan.wrong[0].errors[0]
        assert "stands in row" in plan.wrong[1].errors[0]


def test_the_sample_can_be_imported_and_the_page_shows_what_it_would_do(acme, manager, executive):
    with tenant(acme):
        person("Ada Moreno")
        person("Ben Okafor")
    browser = signed_in(manager)
    answer = browser.post(
        f"{PAGES}import/", {"file": SimpleUploadedFile("policies.csv", SAMPLE.replace("company", "people").encode())}
    )
    page = browser.get(answer["Location"])
    assert "Policy of Ada Moreno" in page.content.decode()
    browser.post(answer["Location"], {"stamp": page.context["form"].initial["stamp"]})
    with tenant(acme):
        assert list(Policy.objects.values_list("title", "owner__name")) == [
            ("Access control", "Ada Moreno"),
            ("Restoring from backups", "Ben Okafor"),
        ]
    assert signed_in(executive).get(f"{PAGES}import/").status_code == 403
