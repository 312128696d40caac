"""The part of everything that says who is on call and whom an alarm reaches."""

import datetime as dt

from accounts.models import Member
from incidents.alerts.reading import read
from incidents.alerts.receiving import choose, receive
from incidents.models import AlertDelivery, Incident
from incidents.oncall import actions, channels, policies
from incidents.oncall.alarms import tell_channel
from incidents.oncall.escalating import start
from tenancy.scope import now


def make_on_call(manager: Member, incident: Incident, word: str) -> None:
    """A schedule with an override, a policy that tells of the incident, a channel with what it could not deliver, an alert."""
    schedule = actions.create_schedule(
        actor=manager, name=word, fallback=manager, members=[manager], zone="Europe/Berlin", every=1, unit="week",
        starts_on=dt.date(2026, 1, 5), hands_over_at=dt.time(9),
    )  # fmt: skip
    ends = now() + dt.timedelta(days=1)
    actions.take_over(schedule, actor=manager, member=manager, starts_at=now(), ends_at=ends, reason=word)
    policy = policies.create_policy(actor=manager, name=word, severities=["high"], kinds=[], repeats=0)
    policies.put_step(policy, actor=manager, targets=["on_call"], minutes=5)
    start(incident)
    hook = channels.create_channel(actor=manager, name=word, kind="webhook", url="https://hooks.example/alarm")
    tell_channel(hook, incident, key=word)
    AlertDelivery.objects.update(state="failed")
    choose(actor=manager, severities=["critical", "high"])
    receive(read({"title": word, "severity": "low"}, source=word)[0], actor=manager)
