"""Webhooks: signed, tried again, given up, sent again; their addresses and secrets are sealed; tests and lists."""

import datetime as dt
import hashlib
import hmac
import json

import pytest

from accounts.models import Member
from audit.models import AuditEvent
from incidents.models import AlertChannel, AlertDelivery
from incidents.oncall import calling, channels
from incidents.oncall.calling import WAITS, attempt
from incidents.oncall.periodic import forget_deliveries
from incidents.oncall.secrets import opened
from incidents.reporting.actions import open_incident
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.incidents.oncall.making import a_policy, a_webhook
from tests.workflow.servers import serving
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage
from workflow.outgoing.hosts import allow_host
from workflow.pruning import KEPT

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def loopback(administrator) -> None:
    """Loopback may be reached."""
    allow_host(actor=administrator, host="127.0.0.1", reason="A test")


def sent_test(channel: AlertChannel, actor: Member) -> AlertDelivery:
    """A test through it."""
    delivery = channels.send_test(channel, actor=actor)
    assert delivery is not None
    return delivery


def headers_of(seen) -> dict[str, str]:
    return {name.lower(): value for name, value in seen[2].items()}


def test_a_call_is_signed_and_kept_with_what_it_brought(manager, loopback):
    with serving(lambda handler: handler.say(204, b"")) as server:
        channel = a_webhook(manager, f"{server.url}/hook?a=b")
        delivery = sent_test(channel, manager)
        assert attempt(delivery.pk, now())
        assert not attempt(delivery.pk, now())
    method, path, _, body = server.seen[0]
    sent = headers_of(server.seen[0])
    secret = opened(AlertChannel.objects.get(), "secret")
    wanted = hmac.new(secret.encode(), f"{sent['x-plumbline-timestamp']}.".encode() + body, hashlib.sha256).hexdigest()
    assert sent["x-plumbline-signature"] == f"sha256={wanted}"
    assert (method, path, sent["x-plumbline-delivery"], sent["x-plumbline-event"]) == (
        "POST",
        "/hook?a=b",
        str(delivery.pk),
        "test",
    )
    assert json.loads(body)["organization"] == "acme"
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries[0]["status"]) == ("delivered", 204)


def test_what_fails_is_tried_again_later_and_later_then_given_up_and_may_be_sent_again(manager, loopback):
    answers = {"status": 503}
    with serving(lambda handler: handler.say(answers["status"], b"busy")) as server:
        channel = a_webhook(manager, server.url)
        delivery = sent_test(channel, manager)
        at = now()
        for wait in WAITS:
            assert attempt(delivery.pk, at)
            delivery.refresh_from_db()
            assert (delivery.state, delivery.next_at) == ("waiting", at + wait)
            assert not attempt(delivery.pk, at + wait - dt.timedelta(seconds=1))
            at = delivery.next_at
        assert attempt(delivery.pk, at)
        delivery.refresh_from_db()
        assert (delivery.state, len(delivery.tries), delivery.last_try) == ("failed", len(WAITS) + 1, "Answered 503: busy")
        with pytest.raises(ActionRefused, match="Your role"):
            calling.send_again(delivery, actor=viewer_of(manager))
        answers["status"] = 200
        calling.send_again(delivery, actor=manager)
        assert attempt(delivery.pk, now())
    delivery.refresh_from_db()
    assert delivery.state == "delivered"
    with pytest.raises(ActionRefused, match="not sent again"):
        calling.send_again(delivery, actor=manager)
    assert {headers_of(one)["x-plumbline-delivery"] for one in server.seen} == {str(delivery.pk)}


def viewer_of(member):
    """Somebody of the same organization who decides nothing."""
    return type(member).objects.select_related("user", "organization").get(user__email="viewer@acme.example")


def test_a_host_that_nobody_allowed_is_not_called(manager):
    with serving(lambda handler: handler.say()) as server:
        delivery = sent_test(a_webhook(manager, server.url), manager)
        attempt(delivery.pk, now())
    assert not server.seen
    delivery.refresh_from_db()
    assert "Allowed hosts" in delivery.last_try


def test_slack_gets_its_format_and_signs_that_mean_something_there_are_escaped(manager, loopback):
    with serving(lambda handler: handler.say()) as server:
        channel = a_webhook(manager, server.url, kind="slack")
        a_policy(manager, ([f"channel:{channel.pk}"], 5))
        incident = open_incident(actor=manager, title="<!channel> & more", severity="high")
        attempt(AlertDelivery.objects.get().pk, now())
    text = json.loads(server.seen[0][3])["text"]
    assert text == f"High: {incident.reference} &lt;!channel&gt; &amp; more"


def test_an_alarm_reaches_a_list_by_mail_and_a_confidential_one_says_nothing(manager, administrator):
    lists = channels.create_channel(actor=manager, name="Ops", kind="email", addresses=["a@acme.example", "b@acme.example"])
    hook = a_webhook(manager, "https://hooks.example/x")
    a_policy(manager, ([f"channel:{lists.pk}", f"channel:{hook.pk}"], 5))
    incident = open_incident(actor=administrator, title="Somebody took the list", severity="high", confidential=True)
    mails = OutboxMessage.objects.filter(to__in=lists.addresses)
    assert mails.count() == 2
    said = "".join(mail.subject + mail.text for mail in mails) + AlertDelivery.objects.get().body
    assert "list" not in said
    assert incident.reference not in said


def test_an_example_calls_nobody(manager):
    Organization.objects.filter(slug="acme").update(is_example=True)
    with tenant(Organization.objects.get(slug="acme")):
        delivery = sent_test(a_webhook(manager, "https://hooks.example/x"), manager)
        assert delivery.state == "kept"
        assert not attempt(delivery.pk, now())


def test_the_address_and_the_secret_are_sealed(manager):
    channel = a_webhook(manager, "https://hooks.example/services/T0/B0/hidden")
    assert "hidden" not in channel.url + channel.host
    assert opened(channel, "url") == "https://hooks.example/services/T0/B0/hidden"
    first = opened(channel, "secret")
    text = channels.set_secret(channel, actor=manager)
    assert opened(AlertChannel.objects.get(), "secret") == text != first


def test_a_channel_is_changed_where_it_differs(manager):
    channel = a_webhook(manager, "https://hooks.example/one")
    with pytest.raises(ActionRefused, match="nothing was changed"):
        channels.edit_channel(channel, actor=manager, name="Hook")
    changed = channels.edit_channel(channel, actor=manager, name="Hook", url="https://hooks.example/two")
    assert opened(changed, "url") == "https://hooks.example/two"
    renamed = channels.edit_channel(channel, actor=manager, name="Other")
    assert (renamed.name, opened(renamed, "url")) == ("Other", "https://hooks.example/two")
    channels.retire(channel, actor=manager, reason="Not used")
    with pytest.raises(ActionRefused, match="retired"):
        channels.send_test(channel, actor=manager)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "webhook", "url": "ftp://x.example/"}, "url"),
        ({"kind": "webhook", "url": "https://user:word@x.example/"}, "url"),
        ({"kind": "webhook", "url": ""}, "url"),
        ({"kind": "email", "addresses": []}, "addresses"),
    ],
)
def test_what_leads_nowhere_is_refused_at_its_field(manager, given, field):
    with pytest.raises(ActionRefused) as refused:
        channels.create_channel(actor=manager, name="Wrong", **given)
    assert refused.value.field == field


def test_the_screens_of_a_channel(manager, client_of):
    client = client_of(manager)
    made = client.post("/o/acme/incidents/channels/new/", {"name": "Hook", "kind": "webhook", "url": "https://hooks.example/x"})
    channel = AlertChannel.objects.get()
    assert made["Location"].endswith(f"/channels/{channel.pk}/")
    client.post(f"/o/acme/incidents/channels/{channel.pk}/test/")
    delivery = AlertDelivery.objects.get()
    page = client.get(f"/o/acme/incidents/channels/{channel.pk}/").content.decode()
    assert str(delivery.pk) in page
    assert "hooks.example" in page
    shown = client.post(f"/o/acme/incidents/channels/{channel.pk}/secret/").content.decode()
    assert opened(AlertChannel.objects.get(), "secret") in shown
    assert client.get(f"/o/acme/incidents/channels/deliveries/{delivery.pk}/").status_code == 200


def test_old_calls_are_taken_out_of_the_log_with_an_event_of_their_channel(manager, acme):
    channel = a_webhook(manager, "https://hooks.example/x")
    _, waiting, young = (sent_test(channel, manager) for _ in range(3))
    before = now() - KEPT - dt.timedelta(days=1)
    AlertDelivery.objects.exclude(pk=young.pk).update(created_at=before)
    AlertDelivery.objects.exclude(pk=waiting.pk).update(state="failed")
    for _ in range(2):
        forget_deliveries(acme, now())
    assert set(AlertDelivery.objects.values_list("pk", flat=True)) == {waiting.pk, young.pk}
    (event,) = AuditEvent.objects.filter(verb="alert_channel.prune")
    assert (event.object_id, json.loads(event.body)["metadata"]["deliveries"]) == (channel.pk, 1)


def test_an_answer_that_no_row_could_hold_is_counted_as_a_try(manager, loopback):
    with serving(lambda handler: handler.say(500, b"no\x00thing\xff\x1b[2J")) as server:
        delivery = sent_test(a_webhook(manager, server.url), manager)
        assert attempt(delivery.pk, now())
    delivery.refresh_from_db()
    assert len(delivery.tries) == 1
    assert delivery.last_try.startswith("Answered 500: nothing")


def test_a_redirect_to_where_clouds_keep_credentials_is_not_followed(manager, loopback):
    answer = {"Location": "http://169.254.169.254/latest/meta-data/"}
    with serving(lambda handler: handler.say(307, b"", **answer)) as server:
        delivery = sent_test(a_webhook(manager, server.url), manager)
        assert attempt(delivery.pk, now())
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_try) == ("waiting", "Answered 307")
    direct = sent_test(a_webhook(manager, "http://169.254.169.254/latest/", name="Cloud"), manager)
    assert attempt(direct.pk, now())
    direct.refresh_from_db()
    assert "not on the public internet" in direct.last_try


def test_a_channel_that_was_retired_is_told_again(manager):
    channel = a_webhook(manager, "https://hooks.example/one")
    channels.retire(channel, actor=manager, reason="Not used")
    channels.restore(channel, actor=manager)
    assert channels.send_test(channel, actor=manager) is not None
    assert AuditEvent.objects.filter(object_id=channel.pk, verb="alert_channel.restore").count() == 1
