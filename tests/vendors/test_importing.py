"""The register goes out and comes in again without loss, and what a file may not do."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from audit.actors import System as Product
from audit.models import AuditEvent
from audit.record import record
from evidence.models import StoredFile
from inventory.models import System
from tenancy.scope import tenant
from ui.refusals import ActionRefused
from ui.screens.export import FORMATS
from vendors.importing.actions import import_vendors, preview, receive
from vendors.importing.columns import COLUMNS
from vendors.importing.planning import Plan
from vendors.importing.views import SAMPLE, table_of
from vendors.models import Vendor
from vendors.register.actions import edit_vendor

AREA = "/o/acme/vendors/"
SAME = (
    "name", "website", "service", "why", "contacts", "data_shared", "criticality", "access", "points", "inherent", "tier",
    "data_classes", "locations", "subprocessors", "is_ai", "ai_sent", "ai_retention", "ai_training", "notes", "used_since",
)  # fmt: skip


def brought(manager: Member, data: bytes, name: str = "vendors.csv") -> tuple[StoredFile, Plan]:
    stored = receive(actor=manager, upload=SimpleUploadedFile(name, data))
    return stored, preview(stored)


@pytest.fixture
def register(used, asked, manager, today, cast):
    """Three vendors with everything that is hard to write into a cell."""
    console = System.objects.create(name="Console, old")
    record("system.create", console, actor=Product("test"))
    first = used("Northwind, Ltd; Mail")
    edit_vendor(
        first, actor=manager, systems=[console], contacts=["=cmd()", "Ann; Bee <ann@x.example>"], data_classes=["+1", "'quoted"],
        locations=["Zürich", "São Paulo"], subprocessors=["A, B: hosting", "C"], notes='Two\n\nlines, "quoted"', why="-Because",
        is_ai=True, ai_sent="@all", ai_retention="30 days", ai_training="opted_out", website="https://northwind.example",
    )  # fmt: skip
    asked("Blank")
    asked("'=Apostrophe", service="#1 in mail", data_shared=0)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_register_comes_back_as_it_went(register, manager, client_of, globex, kind):
    before = {one.name: [getattr(one, name) for name in SAME] for one in Vendor.objects.all()}
    answer = client_of(manager).get(f"{AREA}export/{kind}/")
    data = b"".join(answer.streaming_content)
    _, plan = brought(manager, data, f"vendors.{kind}")
    assert (len(plan.same), plan.new, plan.changes, [one.errors for one in plan.wrong]) == (3, [], [], [])
    assert AuditEvent.objects.filter(verb="list.export").exists()
    theirs = Member.objects.get(user__email="manager@globex.example")
    with tenant(globex):
        stored, plan = brought(theirs, data, f"vendors.{kind}")
        import_vendors(stored, actor=theirs, stamp=plan.stamp())
        assert {one.name: [getattr(one, name) for name in SAME] for one in Vendor.objects.all()} == before
        assert Vendor.objects.get(name="Blank").status == "requested"
        assert Vendor.objects.get(name="Northwind, Ltd; Mail").status == "in_use"


def test_the_sample_is_taken(manager, here):
    stored, plan = brought(manager, SAMPLE.encode())
    import_vendors(stored, actor=manager, stamp=plan.stamp())
    cloud = Vendor.objects.get(name="Northwind Cloud")
    assert (cloud.status, cloud.tier, cloud.used_since) == ("in_use", 1, dt.date(2024, 5, 1))
    mail = Vendor.objects.get(name="Papertrail Mail")
    assert mail.status == "requested"
    came = AuditEvent.objects.get(object_id=mail.pk)
    assert (came.verb, came.data["metadata"]) == ("vendor.import", {"file": "vendors.csv", "row": 3})
    with pytest.raises(ActionRefused, match="here already"):
        import_vendors(stored, actor=manager)


def test_a_file_changes_facts_and_moves_nothing(used, manager, cast):
    vendor = used()
    owner = vendor.owner
    text = "Vendor,What it does for us,Data,Criticality,Access,Owner,State\nNorthwind Mail,Sends,1,1,1,,Left\n"
    stored, plan = brought(manager, text.encode())
    assert plan.changes[0].words == ["What it does for us", "Data", "Access"]
    assert plan.noticed[0].notices == ["The file says left; a file changes no state."]
    import_vendors(stored, actor=manager, stamp=plan.stamp())
    assert (vendor.refreshed().tier, vendor.refreshed().status, vendor.refreshed().owner) == (3, "in_use", owner)
    assert vendor.refreshed().points == 3


def test_rows_that_are_wrong_say_why(manager, here):
    head = "Vendor,What it does for us,Data,Criticality,Access,Notes\n"
    rows = [
        "A,,1,1,1,\n",
        "B,x,nine,1,1,\n",
        "C,x,1,1,1,\n",
        "C,x,1,1,1,\n",
        f"D,x,1,1,1,{'gh' + 'p_a1B2c3D4e5F6g7H8i9J0k1L2'}\n",
    ]
    stored, plan = brought(manager, (head + "".join(rows)).encode())
    said = [" ".join(one.errors) for one in plan.wrong]
    assert said[0] == "What it does for us: is missing."
    assert said[1].startswith("Data: “nine” is none of: No data")
    assert "stands in row" in said[2]
    assert "looks like a key itself" in said[3]
    with pytest.raises(ActionRefused, match="Some rows are wrong"):
        import_vendors(stored, actor=manager, stamp=plan.stamp())
    import_vendors(stored, actor=manager, stamp=plan.stamp(), leave_out_wrong=True)
    assert list(Vendor.objects.values_list("name", flat=True)) == ["C"]


def test_a_file_renames_no_vendor_that_is_decided_on(used, asked, manager):
    mail, other = used(), asked("Other")
    head = "Number,Vendor,What it does for us,Data,Criticality,Access\n"
    rows = [
        f"{mail.reference},Globex,Sends,1,1,1\n",
        f"{other.reference},Northwind Mail,Sends,1,1,1\n",
        f"{other.reference},Another name,Sends mail,3,1,0\n",
        "Other,Other,Sends,1,1,1\n",
    ]
    stored, plan = brought(manager, (head + "".join(rows)).encode())
    said = [" ".join(one.errors) for one in plan.wrong]
    assert "does not rename it to Globex" in said[0]
    assert f"and Northwind Mail has {mail.reference}" in said[1]
    assert f"{other} stands in row" in said[2]
    assert [one.words for one in plan.changes] == [["Vendor"]]  # one that is only asked for may be called otherwise
    import_vendors(stored, actor=manager, stamp=plan.stamp(), leave_out_wrong=True)
    assert sorted(Vendor.objects.values_list("name", flat=True)) == ["Another name", "Northwind Mail"]


def test_a_plan_of_another_state_is_not_done(used, manager, here):
    vendor = used()
    text = "Vendor,What it does for us,Data,Criticality,Access\nNorthwind Mail,Sends,1,1,1\n"
    stored, plan = brought(manager, text.encode())
    edit_vendor(vendor, actor=manager, service="Something else")
    with pytest.raises(ActionRefused, match="have changed since"):
        import_vendors(stored, actor=manager, stamp=plan.stamp())


def test_what_is_no_register_is_refused(manager, here, cast):
    with pytest.raises(ActionRefused, match="no column"):
        brought(manager, b"a,b\n1,2\n")
    with pytest.raises(ActionRefused, match="Your role"):
        brought(cast.viewer, SAMPLE.encode())


def test_the_screens_bring_it_in(manager, client_of, acme):
    client = client_of(manager)
    upload = SimpleUploadedFile("vendors.csv", SAMPLE.encode())
    answer = client.post(f"{AREA}import/", {"file": upload})
    shown = client.get(answer["Location"])
    assert "Northwind Cloud" in shown.content.decode()
    assert "1 of them is in use once imported" in shown.content.decode()
    client.post(answer["Location"], {"stamp": shown.context["plan"].stamp()})
    assert "Papertrail Mail" in client.get(AREA).content.decode()


def test_the_table_has_its_columns(register, here):
    made = FORMATS["csv"].write(list(COLUMNS.values()), table_of(), [], ())
    assert made.count == 3
    assert io.TextIOWrapper(made.file).readline().startswith("Number,Vendor,Website")
