"""Addresses of penetration tests."""

from django.urls import path

from vulnerabilities.penetration import listing, views

urlpatterns = [
    path("", listing.TestList.as_view(), name="test-list"),
    path("new/", views.TestCreate.as_view(), name="test-create"),
    path("<uuid:pk>/", views.TestDetail.as_view(), name="test-detail"),
    path("<uuid:pk>/edit/", views.TestEdit.as_view(), name="test-edit"),
    path("<uuid:pk>/report/", views.TestReport.as_view(), name="test-report"),
    path("<uuid:pk>/findings/new/", views.TestFinding.as_view(), name="test-finding"),
    path("<uuid:pk>/close/", views.close, name="test-close"),
    path("<uuid:pk>/reopen/", views.TestReopen.as_view(), name="test-reopen"),
    path("<uuid:pk>/cancel/", views.TestCancel.as_view(), name="test-cancel"),
]
