"""Addresses of audit periods."""

from django.urls import path

from controls.periods import views

urlpatterns = [
    path("", views.PeriodList.as_view(), name="period-list"),
    path("new/", views.PeriodCreate.as_view(), name="period-create"),
    path("<uuid:pk>/", views.PeriodDetail.as_view(), name="period-detail"),
    path("<uuid:pk>/edit/", views.PeriodEdit.as_view(), name="period-edit"),
    path("<uuid:pk>/hand-over/", views.PeriodHandOver.as_view(), name="period-hand-over"),
    path("<uuid:pk>/close/", views.PeriodClose.as_view(), name="period-close"),
    path("<uuid:pk>/reopen/", views.PeriodReopen.as_view(), name="period-reopen"),
    path("<uuid:pk>/exclude/", views.Exclude.as_view(), name="period-exclude"),
    path("<uuid:pk>/include/", views.include, name="period-include"),
    path("<uuid:pk>/engagement/", views.EngagementEdit.as_view(), name="period-engagement"),
]
