"""Addresses of jobs and mail, below /o/<slug>/work/."""

from django.urls import path

from workflow import views

app_name = "workflow"
urlpatterns = [
    path("jobs/", views.JobList.as_view(), name="jobs"),
    path("jobs/<uuid:pk>/", views.JobDetail.as_view(), name="job"),
    path("mail/", views.MailList.as_view(), name="mail"),
    path("mail/<uuid:pk>/", views.MailDetail.as_view(), name="mail-detail"),
    path("mail/<uuid:pk>/send/", views.send, name="mail-send"),
]
