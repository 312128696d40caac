"""Addresses of who is on call, whom an alarm reaches, and alerts that come in."""

from django.urls import path

from incidents.alerts import views as alerts
from incidents.oncall import channel_views as channels
from incidents.oncall import page, views
from incidents.oncall import policy_views as policies

urlpatterns = [
    path("on-call/", views.OnCallPage.as_view(), name="on-call"),
    path("on-call/new/", views.ScheduleCreate.as_view(), name="schedule-create"),
    path("on-call/<uuid:pk>/", views.ScheduleDetail.as_view(), name="schedule-detail"),
    path("on-call/<uuid:pk>/change/", views.ScheduleEdit.as_view(), name="schedule-edit"),
    path("on-call/<uuid:pk>/retire/", views.ScheduleRetire.as_view(), name="schedule-retire"),
    path("on-call/<uuid:pk>/restore/", views.restore, name="schedule-restore"),
    path("on-call/<uuid:pk>/take-over/", views.TakeOver.as_view(), name="schedule-take-over"),
    path("on-call/overrides/<uuid:pk>/withdraw/", views.withdraw, name="override-withdraw"),
    path("escalation/", policies.PolicyList.as_view(), name="policy-list"),
    path("escalation/new/", policies.PolicyCreate.as_view(), name="policy-create"),
    path("escalation/<uuid:pk>/", policies.PolicyDetail.as_view(), name="policy-detail"),
    path("escalation/<uuid:pk>/change/", policies.PolicyEdit.as_view(), name="policy-edit"),
    path("escalation/<uuid:pk>/retire/", policies.PolicyRetire.as_view(), name="policy-retire"),
    path("escalation/<uuid:pk>/restore/", policies.restore, name="policy-restore"),
    path("escalation/<uuid:pk>/steps/new/", policies.StepAdd.as_view(), name="policy-step-add"),
    path("escalation/steps/<uuid:pk>/", policies.StepEdit.as_view(), name="step-edit"),
    path("escalation/steps/<uuid:pk>/remove/", policies.remove_step, name="step-remove"),
    path("channels/", channels.ChannelList.as_view(), name="channel-list"),
    path("channels/new/", channels.ChannelCreate.as_view(), name="channel-create"),
    path("channels/<uuid:pk>/", channels.ChannelDetail.as_view(), name="channel-detail"),
    path("channels/<uuid:pk>/change/", channels.ChannelEdit.as_view(), name="channel-edit"),
    path("channels/<uuid:pk>/secret/", channels.ChannelSecret.as_view(), name="channel-secret"),
    path("channels/<uuid:pk>/test/", channels.test, name="channel-test"),
    path("channels/<uuid:pk>/retire/", channels.ChannelRetire.as_view(), name="channel-retire"),
    path("channels/<uuid:pk>/restore/", channels.restore, name="channel-restore"),
    path("channels/deliveries/<uuid:pk>/", channels.DeliveryDetail.as_view(), name="delivery-detail"),
    path("channels/deliveries/<uuid:pk>/again/", channels.send_again, name="delivery-again"),
    path("alerts/", alerts.AlertList.as_view(), name="alert-list"),
    path("alerts/settings/", alerts.AlertSettingsScreen.as_view(), name="alert-settings"),
    path("<uuid:pk>/alarm/", page.Alarm.as_view(), name="alarm"),
]
