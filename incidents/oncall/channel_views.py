"""Screens of channels, of what they were told, and of alerts that come in."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.factors import FactorScreenMixin
from audit.exports import RecordsExports
from incidents.models import AlertChannel, AlertDelivery
from incidents.models.oncall import RUN
from incidents.oncall import calling, channels
from incidents.oncall.forms import ChannelEditForm, ChannelForm, NewSecretForm
from incidents.rights import READ, visible_to
from ui.refusals import ActionRefused
from ui.screens import Column, DetailScreen, Empty, Filter, FormScreen, ListScreen, ScreenRequest, screen
from workflow.once import OnceReasonForm, OnceScreen

LIST = ("Alert channels", "incidents:channel-list")
SHOWN = 20


def leads_to(channel: AlertChannel) -> str:
    """The addresses, or the webhook's host."""
    return channel.host or ", ".join(channel.addresses)


class ChannelList(RecordsExports, ListScreen):
    """Where alarms go besides people's own mail."""

    permission = READ
    title = "Alert channels"
    lede = "Lists of addresses and webhooks that a step of an escalation can tell."
    noun = "channels"
    noun_one = "channel"
    queryset = AlertChannel.objects.all()
    columns = (
        Column("name", "Channel", sort="name", link=True),
        Column("kind", "Kind", sort="kind"),
        Column("leads_to", "Leads to", value=leads_to, text=leads_to, wide=True, hide_below=700),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("name",)
    filters = (
        Filter("state", "State", choices=AlertChannel.Status.choices, lookup="status"),
        Filter("kind", "Kind", choices=AlertChannel.Kind.choices),
    )
    search_fields = ("name",)
    search_hint = "Name"
    empty = Empty(
        "No channel yet",
        "Whoever is told by name is told by mail. A channel tells a list of addresses, or a service such as Slack.",
        action=("Add a channel", "incidents:channel-create"),
    )
    primary_action = ("Add a channel", "incidents:channel-create", RUN)


class ChannelDetail(DetailScreen):
    """One channel, and what it was told last."""

    permission = READ
    template_name = "incidents/oncall/channel.html"
    breadcrumbs = (LIST,)
    object: AlertChannel

    def get_queryset(self) -> QuerySet[Any]:
        """With who made it."""
        return AlertChannel.objects.select_related("made_by__user")

    def get_title(self) -> str:
        """Its name."""
        return self.object.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The last deliveries, and how many were given up."""
        deliveries = self.object.deliveries.all()
        return super().get_context_data(
            deliveries=list(deliveries[:SHOWN]),
            given_up=deliveries.filter(state=AlertDelivery.State.FAILED).count(),
            leads_to=leads_to(self.object),
            may_run=self.request.member.can(RUN),
            is_active=self.object.status == AlertChannel.Status.ACTIVE,
            **kwargs,
        )


class ChannelCreate(OnceScreen):
    """Add a channel."""

    permission = RUN
    form_class = ChannelForm
    title = "New alert channel"
    breadcrumbs = (LIST,)
    submit_label = "Add the channel"
    explain = "A webhook on your own network is reached only if an administrator allows its host under Settings."
    success_message = "The channel is added. Send a test through it."

    def act(self, form: ChannelForm) -> AlertChannel:
        """Add it."""
        return channels.create_channel(actor=self.request.member, **form.facts())


class _AboutChannel(OnceScreen, abstract=True):
    permission = RUN
    model = AlertChannel
    object: AlertChannel
    verb = ""

    def get_title(self) -> str:
        """What, and which."""
        return f"{self.verb} {self.object.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the channel."""
        return (LIST, (self.object.name, self.object.get_absolute_url()))


class ChannelEdit(_AboutChannel):
    """Change its name, and where it leads."""

    form_class = ChannelEditForm
    verb = "Change"
    submit_label = "Save"
    success_message = "The channel is changed."

    def get_form_kwargs(self) -> dict[str, Any]:
        """About this one."""
        return {**super().get_form_kwargs(), "channel": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it is; the address of a webhook is not shown."""
        return {"name": self.object.name, "addresses": self.object.addresses}

    def act(self, form: ChannelEditForm) -> AlertChannel:
        """Change it."""
        return channels.edit_channel(self.object, actor=self.request.member, **form.facts())


class ChannelRetire(_AboutChannel):
    """Tell it nothing any more."""

    form_class = OnceReasonForm
    verb = "Retire"
    tone = "danger"
    submit_label = "Retire it"
    explain = "It is told nothing any more. Steps that name it tell the others."
    success_message = "The channel is retired."

    def act(self, form: OnceReasonForm) -> AlertChannel:
        """Retire it."""
        channels.retire(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return self.object


@screen(RUN, methods=["POST"])
def restore(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Tell it again."""
    channel = get_object_or_404(AlertChannel, pk=pk)
    channels.restore(channel, actor=request.member)
    messages.success(request, "The channel is in use again.")
    return redirect(channel)


@screen(RUN, methods=["POST"])
def test(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Send a test through it."""
    channel = get_object_or_404(AlertChannel, pk=pk)
    delivery = channels.send_test(channel, actor=request.member)
    messages.success(request, "A test is on its way.")
    return redirect(delivery or channel)


class ChannelSecret(FactorScreenMixin, FormScreen):
    """Make a new secret; it is shown on the page that answers, and never again."""

    permission = RUN
    model = AlertChannel
    object: AlertChannel
    form_class = NewSecretForm
    submit_label = "Make the secret"
    explain = "The receiver checks by it that a call is ours. The one before signs nothing any more from now on."

    def get_title(self) -> str:
        """Whose."""
        return f"New secret of {self.object.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the channel."""
        return (LIST, (self.object.name, self.object.get_absolute_url()))

    def form_valid(self, form: Any) -> HttpResponse:
        """Make it and show it."""
        try:
            text = channels.set_secret(self.object, actor=self.request.member)
        except ActionRefused as refusal:
            form.add_error(None, refusal.sentence)
            return self.form_invalid(form)
        context = {**self.frame(), "title": "The new secret", "channel": self.object, "text": text}
        response = render(self.request, "incidents/oncall/secret.html", context)
        response["Cache-Control"] = "private, no-store"
        return response


class DeliveryDetail(DetailScreen):
    """One call of a webhook: what was sent, and what each try brought."""

    permission = READ
    template_name = "incidents/oncall/delivery.html"
    object: AlertDelivery

    def get_queryset(self) -> QuerySet[Any]:
        """With its channel."""
        return AlertDelivery.objects.select_related("channel", "incident")

    def get_title(self) -> str:
        """To where."""
        return f"Delivery to {self.object.channel}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the channel."""
        return (LIST, (self.object.channel.name, self.object.channel.get_absolute_url()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The tries; what was sent is shown to those who may see the incident."""
        delivery, member = self.object, self.request.member
        sees = delivery.incident_id is None or visible_to(member).filter(pk=delivery.incident_id).exists()
        again = member.can(RUN) and delivery.state == AlertDelivery.State.FAILED
        tries = [{**one, "at": dt.datetime.fromisoformat(one["at"])} for one in delivery.tries]
        return super().get_context_data(sees=sees, may_send=again, tries=tries, **kwargs)


@screen(RUN, methods=["POST"])
def send_again(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Try one once more that was given up."""
    delivery = get_object_or_404(AlertDelivery.objects.select_related("channel"), pk=pk)
    calling.send_again(delivery, actor=request.member)
    messages.success(request, "It is on its way again.")
    return redirect(delivery)
