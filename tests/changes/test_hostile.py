"""What somebody hostile sends: refused with a reason, or taken as far as it can be kept; never an error of the product's."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from changes.models import Approval, Change, SourceReview
from changes.sources.importing import preview, receive
from changes.sources.listed import documents
from evidence.tables.errors import FormatError
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.changes.deployments.world import sha
from tests.changes.making import a_draft, a_system, submitted
from tests.changes.sources import payloads
from tests.changes.sources.conftest import SECRET, github, logins, make_source  # noqa: F401 (fixtures)
from ui.refusals import ActionRefused

LONE, BELL = "\ud800", "\x07"


def program_of(member: Any, *scopes: str) -> Program:
    return Program(make_token(member, *scopes)[1])


@pytest.mark.parametrize("strange", [LONE, f"Move{LONE}", "\x00", "x\x00y"])
def test_texts_that_no_database_keeps_are_refused_at_their_field(cast, acme, strange):
    program = program_of(cast.employee)
    assert program.post("changes", {"title": strange}).status_code == 422
    path = f"changes/{program.post('changes', {'title': 'Move'}).json()['id']}"
    assert program.patch(path, {"description": strange}, If_Match="*").status_code == 422
    assert program.patch(path, {"environments": [strange]}, If_Match="*").status_code == 422
    assert program.patch(path, {"links": [f"https://x.example/{strange}"]}, If_Match="*").status_code == 422
    assert program.post(f"{path}/comment", {"text": strange}, If_Match="*").status_code == 422
    assert program.post(f"{path}/copy", {"title": strange}, If_Match="*").status_code == 422
    assert program.post(f"{path}/withdraw", {"reason": strange}, If_Match="*").status_code == 422


def test_a_field_of_ten_thousand_systems_and_of_another_organization_is_refused(cast, acme, globex):
    program = program_of(cast.employee)
    with tenant(acme):
        own = str(a_system(cast.manager).pk)
    with tenant(globex):
        theirs = str(a_system(cast.of("globex", "manager")).pk)
        their_change = str(a_draft(cast.of("globex", "manager"), []).pk)
    many = [f"00000000-0000-7000-8000-{number:012d}" for number in range(10_000)]
    for systems in (many, [theirs], [own, theirs], ["nothing"], [own, None], [[own]], {"a": 1}):
        assert program.post("changes", {"title": "Move", "systems": systems}).status_code == 422, str(systems)[:80]
    for path in ("submit", "withdraw", "approve", "agree", "implement", "review", "watch", "attach", "copy"):
        assert program.post(f"changes/{their_change}/{path}", {"reason": "x"}, If_Match="*").status_code == 404
    assert program.post("changes", {"title": "Move", "implementer": theirs}).status_code == 422


def test_what_is_nested_too_deep_is_refused(cast):
    program = program_of(cast.administrator)
    deep = '{"a":' + "[" * 50_000 + "]" * 50_000 + "}"
    for path in ("changes", "deployments"):
        answer = program.client.post(f"/api/{path}", deep, content_type="application/json", headers=program.headers)
        assert answer.status_code in {400, 422}
    with pytest.raises(FormatError, match="not the JSON that gh prints"):
        documents(b"[" * 100_000)


@pytest.mark.parametrize("field", ["repository", "change", "environment", "commit"])
@pytest.mark.parametrize("strange", [LONE, "\x00", BELL, "x" * 5_000])
def test_a_question_to_the_gate_is_answered_whatever_it_holds(cast, field, strange):
    program = program_of(cast.administrator, "deployments.write")
    asked = {"source": "ci", "ask": True, "commit": sha("a"), "environment": "production", "repository": "acme/app"}
    answer = program.post("deployments", {**asked, field: strange})
    assert answer.status_code in {200, 422}
    report = {"source": "ci", "id": "1", "environment": "production", "commit": sha("a"), "deployed_by": strange}
    assert program.post("deployments", {**report, field: strange}).status_code in {200, 422}
    gate = program.client.get(
        "/api/changes/CHG-1/gate", {"commit": "a", "environment": "p", field: "x\x00"}, headers=program.headers
    )
    assert gate.status_code in {400, 404}


def test_a_delivery_with_strange_texts_is_kept_or_logged_as_failed(github, acme):  # noqa: F811
    strange: Any = {"title": f"Fix{LONE}\x00{BELL}", "body": LONE, "html_url": f"https://github.com/{LONE}"}
    assert github.github("pull_request", payloads.pull_request("opened", payloads.pull(0, **strange))).status_code == 202
    said = payloads.review(1)
    said["review"]["id"] = f"x{LONE}"
    assert github.github("pull_request_review", said).status_code in {202, 422}
    with tenant(acme):
        assert Change.objects.get().title.startswith("Fix")
        assert not SourceReview.objects.exists()
    deep = ("[" * 100_000).encode()
    signature = hmac.new(SECRET.encode(), deep, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": f"sha256={signature}", "X-GitHub-Event": "push", "X-GitHub-Delivery": "1"}
    assert github.send(deep, headers).status_code == 422


def test_a_list_with_strange_rows_says_which_are_wrong(acme, manager, logins):  # noqa: F811
    row = payloads.listed()
    row["reviews"][0]["id"] = LONE
    content = json.dumps([row, [], None, 1, {"url": LONE}, {}]).encode()
    with tenant(acme):
        source = make_source(manager)
        stored = receive(source, actor=manager, upload=SimpleUploadedFile("list.json", content))
        plan = preview(stored, source)
        assert (len(plan.new), len(plan.wrong)) in {(1, 5), (0, 6)}
        with pytest.raises(ActionRefused, match="larger than 20 MB"):
            receive(source, actor=manager, upload=SimpleUploadedFile("list.json", b"[" + b" " * (20 * 1024 * 1024 + 1) + b"]"))


def test_a_form_sent_twice_and_one_sent_after_a_withdrawal_do_nothing_more(client_of, cast, acme):
    with tenant(acme):
        change = submitted(cast.employee, [a_system(cast.manager)])
    approver, asker = client_of(cast.approver), client_of(cast.employee)
    page = f"/o/acme/changes/{change.pk}"
    assert asker.post(f"{page}/withdraw/", {"reason": "Not needed."}).status_code == 303
    late = approver.post(f"{page}/approve/", {"content_hash": change.content_hash})
    assert late.status_code in {409, 422}
    assert asker.post(f"{page}/withdraw/", {"reason": "Again."}).status_code in {409, 422}
    with tenant(acme):
        assert Change.objects.get().status == "withdrawn"
        assert not Approval.objects.exists()
