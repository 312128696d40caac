"""The binder in the browser: what it shows, to whom, and what may be done there."""

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from controls.binder.freezing import freeze_description
from controls.binder.writing import write_text
from controls.models import Assertion, ChecklistWaiver, DescriptionText, Diagram, SystemDescription, SystemFlow

pytestmark = pytest.mark.usefixtures("unprinted")
BINDER = "/o/acme/controls/binder/"


def said(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def picture() -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(made, "PNG")
    return SimpleUploadedFile("drawing.png", made.getvalue())


def test_the_first_page_shows_lists_and_shelves(client_of, period, proven, manager, auditor):
    proven("AC-002")
    page = said(client_of(auditor).get(BINDER))
    for words in ("1 of 26", "MFA for all users", "AC-002", "No shared credentials", "Vendor files", "1 of 7"):
        assert words in page, words
    assert "It does not apply" not in page
    assert "It does not apply" in said(client_of(manager).get(BINDER))


def test_without_a_period_it_says_what_to_do(client_of, in_acme, manager):
    client = client_of(manager)
    for path in ("", "description/", "review/"):
        assert "No audit period yet" in said(client.get(f"{BINDER}{path}"))


def test_a_line_is_set_as_not_applicable_and_taken_back(client_of, period, manager, viewer):
    path = f"{BINDER}periods/{period.pk}/auto-scaling/"
    client = client_of(manager)
    assert client.post(path, {"reason": "One server."}).status_code == 303
    waiver = ChecklistWaiver.objects.get()
    assert "“One server.”" in said(client.get(BINDER))
    assert client_of(viewer).post(path, {"reason": "x"}).status_code == 403
    assert client.get(f"{BINDER}periods/{period.pk}/no-log-deletion/").status_code == 404
    assert client.post(f"{BINDER}waivers/{waiver.pk}/", {"reason": "We grew."}).status_code == 303
    assert "One server." not in said(client.get(BINDER))


def test_a_text_is_written_approved_by_another_and_shown(client_of, period, manager, approver):
    writer, other = client_of(manager), client_of(approver)
    form = writer.get(f"{BINDER}description/write/services/").context["form"]
    assert form.initial == {"text": "", "seen": 0}
    sent = {"text": "We do **much**. <script>alert(1)</script>", "seen": 0}
    assert writer.post(f"{BINDER}description/write/services/", sent).status_code == 303
    text = DescriptionText.objects.get()
    assert "We do" not in said(other.get(f"{BINDER}description/"))
    page = said(writer.get(f"{BINDER}description/texts/{text.pk}/"))
    assert "You wrote it: somebody else approves it." in page
    assert "<strong>much</strong>" in page
    assert "<script>alert" not in page
    assert writer.get(f"{BINDER}description/texts/{text.pk}/approve/").status_code == 409
    assert other.post(f"{BINDER}description/texts/{text.pk}/approve/", {}).status_code == 303
    assert "We do <strong>much</strong>" in said(other.get(f"{BINDER}description/"))


def test_two_writers_do_not_overwrite_each_other(client_of, period, manager):
    client = client_of(manager)
    write_text("services", "First.", actor=manager)
    answer = client.post(f"{BINDER}description/write/services/", {"text": "Second.", "seen": 0})
    assert answer.status_code == 422
    assert "Somebody has written a newer revision" in said(answer)
    assert "Second." in said(answer)


def test_rows_are_added_changed_and_taken_out(client_of, console, database, period, manager):
    client = client_of(manager)
    sent = {"kind": "data", "source": console.pk, "target": database.pk, "outside": "", "carries": "orders", "protection": ""}
    assert client.post(f"{BINDER}flows/new/", {**sent, "outside": "Customers"}).status_code == 422
    assert client.post(f"{BINDER}flows/new/", {**sent, "target": console.pk}).status_code == 422
    assert client.post(f"{BINDER}flows/new/", sent).status_code == 303
    flow = SystemFlow.objects.get()
    assert client.post(f"{BINDER}flows/{flow.pk}/", {**sent, "protection": "TLS 1.3"}).status_code == 303
    assert "TLS 1.3" in said(client.get(f"{BINDER}description/"))
    assert client.post(f"{BINDER}flows/{flow.pk}/retire/", {"reason": "Gone."}).status_code == 303
    assert "TLS 1.3" not in said(client.get(f"{BINDER}description/"))
    assert "orders" in said(client.get(f"{BINDER}flows/"))
    for path, given in (
        ("user-entity-controls", {"title": "They remove leavers", "criteria": ["CC6.2"]}),
        ("subservice-organizations", {"name": "Hoster", "service": "Servers", "method": "carve_out", "expected": "Guards"}),
    ):
        assert client.post(f"{BINDER}{path}/new/", given).status_code == 303, path
    page = said(client.get(f"{BINDER}description/"))
    assert "They remove leavers" in page
    assert "Hoster" in page


def test_a_given_diagram_takes_the_place_of_the_drawn_one(client_of, console, period, manager):
    client = client_of(manager)
    assert "<svg" in said(client.get(f"{BINDER}description/"))
    sent = {"kind": "architecture", "upload": picture(), "alternative": "A box."}
    assert client.post(f"{BINDER}description/diagrams/new/", sent).status_code == 303
    assert Diagram.objects.get().evidence.tags == ["diagram", "system description"]
    page = said(client.get(f"{BINDER}description/"))
    assert 'alt="A box."' in page
    script = SimpleUploadedFile("evil.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>")
    answer = client.post(f"{BINDER}description/diagrams/new/", {**sent, "upload": script})
    assert answer.status_code == 422
    assert "neither as a picture nor as a PDF" in said(answer)


def test_it_is_frozen_once_however_often_it_is_sent_and_signed_by_management(client_of, complete, manager, executive, auditor):
    client = client_of(manager)
    form = client.get(f"{BINDER}description/freeze/").context["form"]
    sent = {"period": complete.pk, "once": form["once"].value()}
    assert len({client.post(f"{BINDER}description/freeze/", sent)["Location"] for _ in range(2)}) == 1
    frozen = SystemDescription.objects.get()
    path = f"{BINDER}description/{frozen.pk}/"
    assert "Sign the assertion" not in said(client.get(path))
    assert client.get(f"{path}sign/").status_code == 403
    head = client_of(executive)
    assert "Sign the assertion" in said(head.get(path))
    form = head.get(f"{path}sign/").context["form"]
    assert frozen.reference in form.initial["text"]
    given = {"text": form.initial["text"], "name": "Eve", "position": "Chief executive"}
    assert head.post(f"{path}sign/", given).status_code == 303
    assert Assertion.objects.get().sha256 == frozen.file.sha256
    page = said(client_of(auditor).get(path))
    assert "Chief executive" in page
    assert head.get(f"{path}sign/").status_code == 409


def test_a_draft_is_not_signed(client_of, period, manager, executive):
    frozen = freeze_description(period, actor=manager)
    answer = client_of(executive).get(f"{BINDER}description/{frozen.pk}/sign/")
    assert answer.status_code == 409
    assert "complete the description, and freeze it again" in said(answer)


def test_the_json_is_the_kept_file(client_of, period, manager, auditor):
    frozen = freeze_description(period, actor=manager)
    answer = client_of(auditor).get(f"{BINDER}description/{frozen.pk}/description.json")
    data = json.loads(b"".join(answer.streaming_content))
    assert data["reference"] == frozen.reference
    assert len(data["openPoints"]) == frozen.open_points > 10


def test_the_review_names_control_status_gap_priority_and_what_findings_still_need(client_of, adopted, period, manager, auditor):
    from controls.findings.actions import raise_finding

    control = adopted("AC-002")[0]
    raise_finding(
        actor=manager, title="No factor", severity="high", control=control, risk="Theft", remediation="Enrol",
        evidence_required="The export",
    )  # fmt: skip
    page = said(client_of(auditor).get(f"{BINDER}review/"))
    for words in ("AC-002", "Missing", "No policy documents it", "Critical", "No factor", "Theft", "Enrol", "The export"):
        assert words in page, words


@pytest.mark.parametrize(("path", "most"), [("", 68), ("description/", 33), ("review/", 9), ("flows/", 8)])
@pytest.mark.usefixtures("whole")
def test_pages_ask_the_same_whatever_there_is(client_of, adopted, manager, path, most):
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"{BINDER}{path}").status_code == 200
        return len([one for one in found if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "SET "))])

    client = client_of(manager)
    adopted("AC-001")
    asked()
    few = asked()
    adopted("AC-002", "NET-003", "ENC-001", "BCP-001", "INC-001", "VEN-001", "MON-001")
    assert asked() == few
    assert few <= most, few
