"""The address that is open to everybody: who is let in, and that strangers learn nothing."""

import datetime as dt
import hashlib
import hmac
import json
import uuid
from types import SimpleNamespace
from typing import cast
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.sealing import SealingError
from audit.models import AuditEvent
from changes.models import Change, ChangeSource, Delivery
from changes.sources.actions import restore, retire, set_secret
from changes.sources.secrets import new_secret, opened
from tenancy.scope import tenant
from tests.changes.sources import payloads
from tests.changes.sources.conftest import SECRET, Sender, make_source
from tests.changes.sources.payloads import AUTHOR

OPENED = payloads.pull_request("opened", payloads.pull())


def strange(github, acme):
    """Deliveries that are all let in nowhere, for as many reasons."""
    unknown = cast("ChangeSource", SimpleNamespace(pk=uuid.uuid4()))
    return [
        Sender(github.source, "nowhere").github("pull_request", OPENED),
        Sender(github.source, "globex").github("pull_request", OPENED),
        Sender(unknown).github("pull_request", OPENED),
        github.github("pull_request", OPENED, secret="another"),
        github.send(json.dumps(OPENED).encode(), {"X-GitHub-Event": "pull_request"}),
        github.gitlab("Merge Request Hook", OPENED),
        github.send(b"", {}),
    ]


def test_strangers_get_one_answer_whatever_is_wrong(github, acme):
    answers = strange(github, acme)
    assert {one.status_code for one in answers} == {401}
    assert len({one.content for one in answers}) == 1
    told = {str(sorted((name, value) for name, value in one.headers.items() if name != "X-Request-ID")) for one in answers}
    assert len(told) == 1
    with tenant(acme):
        assert not Change.objects.filter(repository="acme/billing").exists()
        assert not Delivery.objects.exists()


def test_strangers_make_the_same_queries(github, acme):
    counts = set()
    for send in (
        lambda: Sender(github.source, "nowhere").github("pull_request", OPENED),
        lambda: Sender(cast("ChangeSource", SimpleNamespace(pk=uuid.uuid4()))).github("pull_request", OPENED),
        lambda: github.github("pull_request", OPENED, secret="another"),
    ):
        send()  # the installation's organization is made once
        with CaptureQueriesContext(
            connection,
        ) as captured:
            send()
        counts.add(tuple(one["sql"].split()[0] for one in captured))
    assert len(counts) == 1


def test_what_was_refused_is_in_the_trail_and_on_the_source(github, acme):
    github.github("pull_request", OPENED, secret="another")
    with tenant(acme):
        event = AuditEvent.objects.filter(verb="change_source.refuse").get()
        assert json.loads(event.body)["metadata"] == {"source": str(github.source.pk), "why": "The signature is wrong."}
        source = ChangeSource.objects.get()
        assert (source.refused, source.refused_why) == (1, "The signature is wrong.")


def test_many_refusals_are_not_looked_at_for_a_minute(github, monkeypatch):
    monkeypatch.setattr("changes.sources.endpoint.REFUSALS_A_MINUTE", 2)
    statuses = [github.github("pull_request", OPENED, secret="another").status_code for _ in range(4)]
    assert statuses == [401, 401, 429, 429]


def test_a_delivery_is_done_once(github, acme):
    assert github.github("pull_request", OPENED, key="one").status_code == 202
    again = github.github("pull_request", OPENED, key="one")
    assert (again.status_code, again["Content-Type"]) == (409, "application/problem+json")
    with tenant(acme):
        row = Delivery.objects.get()
        assert (row.repeats, row.outcome) == (1, "done")


def test_the_same_body_under_another_id_or_event_is_the_same_delivery(github, acme):
    """The id and the name of the event are not signed."""
    assert github.github("pull_request", OPENED).status_code == 202
    assert github.github("pull_request", OPENED).status_code == 409
    assert github.github("pull_request_review", OPENED).status_code == 409
    with tenant(acme):
        assert Delivery.objects.get().repeats == 2


def test_what_failed_may_be_sent_again(github, log):
    broken = {**OPENED, "pull_request": {**OPENED["pull_request"], "head": None}}
    for _ in range(2):
        answer = github.github("pull_request", broken, key="one")
        assert (answer.status_code, answer.json()["detail"]) == (422, "It does not say the last commit of the pull request.")
    assert [outcome for outcome, _ in log()] == ["failed", "failed"]
    assert github.github("pull_request", OPENED, key="one").status_code == 202


def test_events_nobody_knows_are_taken_and_logged(github, log):
    answer = github.github("star", {"action": "created", "repository": payloads.repository()})
    assert (answer.status_code, answer.json()["outcome"]) == (202, "unknown")
    assert github.github("ping", {"zen": "Design for failure."}).json()["outcome"] == "nothing"
    assert [outcome for outcome, _ in log()] == ["unknown", "nothing"]


def test_a_form_of_github_is_read_too(github, the_change):
    body = urlencode({"payload": json.dumps(OPENED)}).encode()
    headers = {"X-Hub-Signature-256": "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}
    headers |= {"X-GitHub-Event": "pull_request", "X-GitHub-Delivery": "form"}
    answer = github.client.post(github.path, body, content_type="application/x-www-form-urlencoded", headers=headers)
    assert answer.status_code == 202
    assert the_change().number == 12


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 50_000])
def test_what_is_no_delivery_is_refused_with_a_sentence(github, body):
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": f"sha256={signature}", "X-GitHub-Event": "push", "X-GitHub-Delivery": "odd"}
    assert github.send(body, headers).status_code == 422


def test_a_delivery_that_is_too_large_is_refused_before_anybody_is_asked(github, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert github.send(b"x" * 2000, {}).status_code == 413
    assert Client().get(github.path).status_code == 405


def test_the_secret_before_works_until_its_time_is_up(github, acme, manager):
    with tenant(acme):
        text = set_secret(github.source, actor=manager, overlap=dt.timedelta(hours=1))
    assert text.startswith("whsec_")
    assert github.github("status", payloads.status(1)).status_code == 202
    assert github.github("status", payloads.status(2), secret=text).status_code == 202
    with tenant(acme):
        ChangeSource.objects.update(former_until=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert github.github("status", payloads.status(3)).status_code == 401
    with tenant(acme):
        newer = set_secret(github.source, actor=manager)
    assert github.github("status", payloads.status(4), secret=text).status_code == 401
    assert github.github("status", payloads.status(5), secret=newer).status_code == 202


def test_the_secret_is_sealed_in_its_row(github, acme, globex, manager):
    with tenant(acme):
        source = ChangeSource.objects.get()
        assert SECRET not in source.secret
        assert opened(source) == (SECRET, "")
        other = make_source(manager, repositories=["acme/web"])
        ChangeSource.objects.filter(pk=other.pk).update(secret=source.secret)
        with pytest.raises(SealingError):
            opened(other.refreshed())
        told = AuditEvent.objects.filter(verb="change_source.set_secret").latest("at").body
        assert SECRET not in told


def test_a_retired_source_says_so_to_who_knows_its_secret(github, acme, manager):
    with tenant(acme):
        retire(github.source, actor=manager, reason="Moved to GitLab.")
    assert github.github("pull_request", OPENED).status_code == 410
    assert github.github("pull_request", OPENED, secret="another").status_code == 401
    with tenant(acme):
        restore(github.source.refreshed(), actor=manager)
    assert github.github("pull_request", OPENED).status_code == 202


def test_gitlab_shows_a_token_or_signs(gitlab, the_change):
    assert gitlab.gitlab("Merge Request Hook", payloads.merge_request(0), token="another").status_code == 401
    assert gitlab.gitlab("Merge Request Hook", payloads.merge_request(0)).status_code == 202
    assert gitlab.signed("Merge Request Hook", payloads.merge_request(1, "update")).status_code == 202
    assert gitlab.signed("Merge Request Hook", payloads.merge_request(2, "update"), secret=new_secret()).status_code == 401
    assert the_change().number == 5


def test_a_signature_of_another_time_is_refused(gitlab, acme):
    assert gitlab.signed("Merge Request Hook", payloads.merge_request(0), age=600).status_code == 401
    assert gitlab.signed("Merge Request Hook", payloads.merge_request(0), age=-600).status_code == 401
    with tenant(acme):
        assert "five minutes" in ChangeSource.objects.get().refused_why


def test_a_source_may_refuse_what_is_not_signed(gitlab, acme):
    with tenant(acme):
        ChangeSource.objects.filter(pk=gitlab.source.pk).update(signed_only=True)
    assert gitlab.gitlab("Merge Request Hook", payloads.merge_request(0)).status_code == 401
    assert gitlab.signed("Merge Request Hook", payloads.merge_request(1)).status_code == 202


def test_a_wrong_signature_is_not_saved_by_a_right_token(gitlab):
    body = json.dumps(payloads.merge_request(0)).encode()
    headers = {"X-Gitlab-Token": SECRET, "webhook-id": "a", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}
    assert gitlab.send(body, headers | {"X-Gitlab-Event": "Merge Request Hook"}).status_code == 401


def test_each_organization_has_sources_of_its_own(github, acme, globex, cast):
    """The same repository in two organizations: each hears its own webhook only."""
    with tenant(globex):
        theirs = Sender(make_source(cast.of("globex", "manager")), "globex")
    theirs.github("pull_request", OPENED)
    with tenant(acme):
        assert not Change.objects.filter(repository="acme/billing").exists()
    with tenant(globex):
        assert Change.objects.filter(repository="acme/billing").count() == 1
    assert Sender(theirs.source, "acme").github("status", payloads.status(1)).status_code == 401


def test_a_check_takes_few_queries(github):
    github.github("pull_request", OPENED)
    github.github("push", payloads.push(("one", AUTHOR)))
    with CaptureQueriesContext(connection) as captured:
        github.github("check_run", payloads.check_run(3))
    assert len([one for one in captured if one["sql"].startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))]) <= 30
