"""Addresses of what happens to a change."""

from django.urls import path

from changes.approving import rule_views as rules
from changes.approving import views as approving
from changes.lifecycle import acts, views

urlpatterns = [
    path("rules/", rules.RuleList.as_view(), name="rule-list"),
    path("rules/new/", rules.RuleCreate.as_view(), name="rule-create"),
    path("rules/preview/", rules.preview, name="rule-preview"),
    path("rules/<uuid:pk>/", rules.RuleDetail.as_view(), name="rule-detail"),
    path("rules/<uuid:pk>/edit/", rules.RuleEdit.as_view(), name="rule-edit"),
    path("rules/<uuid:pk>/retire/", rules.RuleRetire.as_view(), name="rule-retire"),
    path("rules/<uuid:pk>/restore/", rules.RuleRestore.as_view(), name="rule-restore"),
    path("<uuid:pk>/", views.ChangeDetail.as_view(), name="detail"),
    path("<uuid:pk>/submit/", acts.submit, name="submit"),
    path("<uuid:pk>/withdraw/", acts.ChangeWithdraw.as_view(), name="withdraw"),
    path("<uuid:pk>/rework/", acts.ChangeRework.as_view(), name="rework"),
    path("<uuid:pk>/approve/", approving.ChangeApprove.as_view(), name="approve"),
    path("<uuid:pk>/reject/", approving.ChangeReject.as_view(), name="reject"),
    path("<uuid:pk>/ask-again/", acts.ChangeAskAgain.as_view(), name="ask-again"),
    path("<uuid:pk>/schedule/", acts.ChangeSchedule.as_view(), name="schedule"),
    path("<uuid:pk>/agree/", acts.ChangeAgree.as_view(), name="agree"),
    path("<uuid:pk>/not-agreed/", acts.ChangeNotAgreed.as_view(), name="not-agreed"),
    path("<uuid:pk>/implement/", acts.ChangeImplement.as_view(), name="implement"),
    path("<uuid:pk>/implement-first/", acts.ChangeImplementFirst.as_view(), name="implement-first"),
    path("<uuid:pk>/fail/", acts.ChangeFail.as_view(), name="fail"),
    path("<uuid:pk>/roll-back/", acts.ChangeRollBack.as_view(), name="roll-back"),
    path("<uuid:pk>/review/", acts.ChangeReview.as_view(), name="review"),
    path("<uuid:pk>/close/", acts.close, name="close"),
]
