"""The register of API keys goes out and comes in again without loss; a file with a key in it is not kept."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from audit.models import AuditEvent
from controls.sheets.importing import import_rows
from evidence.models import StoredFile
from inventory.models import Person
from tenancy.scope import tenant
from tests.cast import signed_in
from tests.reviews.world import person
from tests.sheets import FORMS, as_it_was, brought, taken_in, taken_out, written
from tests.vendors.conftest import ANSWERS
from ui.refusals import ActionRefused
from vendors.keys.actions import note_key, retire_key
from vendors.keys.sheet import REGISTER, SAMPLE
from vendors.lifecycle.actions import reject
from vendors.models import Vendor, VendorKey
from vendors.register.actions import request_vendor

pytestmark = pytest.mark.usefixtures("db")
PAGES = "/o/acme/vendors/keys/"
HEAD = "Vendor,Key,Where it is kept,Last rotated"
SECRET = "sk-" + "proj-a1B2" * 4


def asked_for(actor: Member, name: str) -> Vendor:
    return request_vendor(actor=actor, name=name, service="Mail", why="It sends our invoices.", **ANSWERS)


@pytest.fixture
def register(acme, manager) -> None:
    """One with everything, one with little, and one that is revoked, of two vendors."""
    with tenant(acme):
        mail, cloud = asked_for(manager, "Mail; and more"), asked_for(manager, "=Cloud")
        day = acme.today() - dt.timedelta(days=20)
        facts = {"used_for": 'Two, "three"', "kept_in": "vault/mail", "owner": person("Ada"), "every_days": 30}
        note_key(mail, actor=manager, rotated_on=day, name="Sending", **facts)
        note_key(cloud, actor=manager, rotated_on=day, name="Sending", kept_in="vault/cloud", every_days=90)
        old = note_key(mail, actor=manager, rotated_on=day, name="Reading", kept_in="vault/old", every_days=92)
        retire_key(old, actor=manager, reason="Not needed.")


@pytest.mark.parametrize("kind", FORMS)
def test_the_register_comes_back_as_it_went(register, acme, manager, globex, kind):
    data = taken_out(manager, PAGES, kind)
    with tenant(acme):
        as_it_was(REGISTER, manager, data, f"keys.{kind}")
        before = written(REGISTER)
        assert AuditEvent.objects.filter(verb="vendor_key.look").count() == 3
    theirs = Member.objects.get(user__email="manager@globex.example")
    with tenant(globex):
        person("Ada")
        for name in ("Mail; and more", "=Cloud"):
            asked_for(theirs, name)
        taken_in(REGISTER, theirs, data, f"keys.{kind}")
        assert written(REGISTER) == before
        as_it_was(REGISTER, theirs, data, f"keys.{kind}")


def test_a_file_changes_what_it_says_and_notes_a_rotation(register, acme, manager):
    with tenant(acme):
        rows = f"Mail; and more,Sending,vault/new,{acme.today()}"
        stored, plan = brought(REGISTER, manager, f"{HEAD}\n{rows}\n".encode())
        assert [one.words for one in plan.changes] == [["Where it is kept", "Last rotated"]]
        import_rows(REGISTER, stored, actor=manager, stamp=plan.stamp())
        one = VendorKey.objects.get(name="Sending", vendor__name="Mail; and more")
        assert (one.kept_in, one.every_days, one.due_on) == ("vault/new", 30, acme.today() + dt.timedelta(days=30))
        verbs = set(AuditEvent.objects.filter(object_id=one.pk).values_list("verb", flat=True))
        assert {"vendor_key.edit", "vendor_key.rotate"} <= verbs


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Nobody,Sending,vault,2026-01-05", "Import the vendors first"),
        ("=Cloud,Sending,vault/cloud,2020-01-01", "rotated later than that already"),
        ("=Cloud,Sending,vault/cloud,{tomorrow}", "not after today"),
        ("Mail; and more,Reading,elsewhere,{day}", "It is revoked"),
        ("=Cloud,Other,6f9619ff-8b86-d011-b42d-00c04fc964ff,2026-01-05", "looks like a key itself"),
        ("=Cloud,,vault,2026-01-05", "Key: is missing"),
    ],
)
def test_rows_that_are_wrong_say_why(register, acme, manager, row, why):
    with tenant(acme):
        said = row.format(day=acme.today(), tomorrow=acme.today() + dt.timedelta(days=1))
        _, plan = brought(
            REGISTER, manager, f"{HEAD}\n{said}\n=Cloud,New,vault,2026-01-05\n=Cloud,new,vault,2026-01-05\n".encode()
        )
        assert why in " ".join(plan.wrong[0].errors)
        assert "stands in row 3 already" in plan.wrong[1].errors[0]
        assert [one.line.name for one in plan.new] == ["New"]


def test_a_row_does_not_revoke_a_key_and_a_vendor_that_is_over_gets_none_in_use(register, acme, manager, cast):
    with tenant(acme):
        reject(Vendor.objects.get(name="=Cloud"), actor=cast.executive, reason="Too far away.")
        rows = [
            f"Mail; and more,Sending,vault/mail,{acme.today()},Revoked",
            "=Cloud,New,vault,2026-01-05,In use",
            "=Cloud,Old,vault,2026-01-05,Revoked",
        ]
        _, plan = brought(REGISTER, manager, "\n".join([f"{HEAD},State", *rows]).encode())
        assert "Revoke it on its page" in plan.wrong[0].errors[0]
        assert "none of its keys is in use" in plan.wrong[1].errors[0]
        assert [one.line.name for one in plan.new] == ["Old"]


@pytest.mark.parametrize("column", ["Key", "Value"])
def test_nothing_of_a_file_with_a_key_in_it_is_kept(register, acme, manager, column):
    with tenant(acme):
        had = StoredFile.objects.count()
        row = f"=Cloud,{SECRET if column == 'Key' else 'New'},vault,2026-01-05,{SECRET if column == 'Value' else ''}"
        with pytest.raises(ActionRefused, match=r"looks like a key itself.*Nothing of this file was kept") as refused:
            brought(REGISTER, manager, f"{HEAD},Value\n{row}\n".encode())
        assert SECRET not in str(refused.value)
        assert StoredFile.objects.count() == had


def test_the_screens_bring_it_in_and_only_for_those_who_keep_the_register(acme, manager, employee, auditor):
    with tenant(acme):
        asked_for(manager, "Northgate Mail")
        person("Ada Moreno")
    client = signed_in(manager)
    assert f'href="{PAGES}import/"' in client.get(PAGES).content.decode()
    sample = client.get(f"{PAGES}import/sample/").content.replace(b"@company.example", b"@people.example")
    answer = client.post(f"{PAGES}import/", {"file": SimpleUploadedFile("keys.csv", sample)})
    page = client.get(answer["Location"])
    assert "Northgate Mail, last rotated 10 February 2026" in page.content.decode()
    assert client.post(answer["Location"], {"stamp": page.context["plan"].stamp()}).status_code == 303
    with tenant(acme):
        assert VendorKey.objects.count() == SAMPLE.count("\n") - 1
        assert Person.objects.filter(vendor_keys__name="Sending invoices").exists()
    for who, path in ((employee, "import/"), (employee, "export/csv/"), (auditor, "import/")):
        assert signed_in(who).get(f"{PAGES}{path}").status_code == 403
    assert "The whole register" in signed_in(auditor).get(PAGES).content.decode()
    assert "The whole register" not in signed_in(employee).get(PAGES).content.decode()
