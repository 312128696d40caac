"""Addresses of clocks, rules and holidays, below those of incidents."""

from django.urls import path

from incidents.clocks import rule_views, views

urlpatterns = [
    path("<uuid:pk>/moment/", views.MomentSet.as_view(), name="moment-set"),
    path("<uuid:pk>/data/", views.ImpactSet.as_view(), name="impact-set"),
    path("notices/<uuid:pk>/decide/", views.ClockDecide.as_view(), name="clock-decide"),
    path("notices/<uuid:pk>/notified/", views.ClockNotified.as_view(), name="clock-notified"),
    path("notices/<uuid:pk>/proof/", views.proof, name="clock-proof"),
    path("clocks/", rule_views.RuleList.as_view(), name="rule-list"),
    path("clocks/new/", rule_views.RuleCreate.as_view(), name="rule-create"),
    path("clocks/templates/", rule_views.RuleTemplates.as_view(), name="rule-templates"),
    path("clocks/<uuid:pk>/", rule_views.RuleDetail.as_view(), name="rule-detail"),
    path("clocks/<uuid:pk>/edit/", rule_views.RuleEdit.as_view(), name="rule-edit"),
    path("clocks/<uuid:pk>/confirm/", rule_views.RuleConfirm.as_view(), name="rule-confirm"),
    path("clocks/<uuid:pk>/on/", rule_views.turn_on, name="rule-on"),
    path("clocks/<uuid:pk>/off/", rule_views.RuleOff.as_view(), name="rule-off"),
    path("holidays/", rule_views.HolidayList.as_view(), name="holiday-list"),
    path("holidays/new/", rule_views.HolidayAdd.as_view(), name="holiday-add"),
    path("holidays/import/", rule_views.HolidayImport.as_view(), name="holiday-import"),
    path("holidays/<uuid:pk>/remove/", rule_views.holiday_remove, name="holiday-remove"),
]
