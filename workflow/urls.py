"""Addresses of jobs, mail, absences, delegations, resets of second factors and allowed hosts, below /o/<slug>/work/."""

from django.urls import path

from workflow import views
from workflow.absences import views as absences
from workflow.delegations import views as delegations
from workflow.outgoing import views as hosts
from workflow.resetting import views as resets

app_name = "workflow"
urlpatterns = [
    path("jobs/", views.JobList.as_view(), name="jobs"),
    path("jobs/<uuid:pk>/", views.JobDetail.as_view(), name="job"),
    path("mail/", views.MailList.as_view(), name="mail"),
    path("mail/<uuid:pk>/", views.MailDetail.as_view(), name="mail-detail"),
    path("mail/<uuid:pk>/send/", views.send, name="mail-send"),
    path("away/", absences.AbsenceList.as_view(), name="absence-list"),
    path("away/new/", absences.AbsenceCreate.as_view(), name="absence-create"),
    path("away/<uuid:pk>/", absences.AbsenceDetail.as_view(), name="absence"),
    path("away/<uuid:pk>/change/", absences.AbsenceEdit.as_view(), name="absence-edit"),
    path("away/<uuid:pk>/end/", absences.end, name="absence-end"),
    path("handed/", delegations.DelegationList.as_view(), name="delegation-list"),
    path("handed/<uuid:pk>/", delegations.DelegationDetail.as_view(), name="delegation"),
    path("handed/<uuid:pk>/end/", delegations.DelegationEnd.as_view(), name="delegation-end"),
    path("factor-resets/", resets.ResetList.as_view(), name="reset-list"),
    path("factor-resets/of/<uuid:pk>/", resets.ResetAsk.as_view(), name="reset-ask"),
    path("factor-resets/<uuid:pk>/", resets.ResetDetail.as_view(), name="reset"),
    path("factor-resets/<uuid:pk>/confirm/", resets.ResetConfirm.as_view(), name="reset-confirm"),
    path("factor-resets/<uuid:pk>/refuse/", resets.ResetRefuse.as_view(), name="reset-refuse"),
    path("factor-resets/<uuid:pk>/stop/", resets.stop, name="reset-stop"),
    path("hosts/", hosts.HostList.as_view(), name="host-list"),
    path("hosts/allow/", hosts.HostAllow.as_view(), name="host-allow"),
    path("hosts/<uuid:pk>/", hosts.HostDetail.as_view(), name="host"),
    path("hosts/<uuid:pk>/withdraw/", hosts.HostWithdraw.as_view(), name="host-withdraw"),
]
