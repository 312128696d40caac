"""Addresses of annual assessments, below risks/assessments/."""

from django.urls import path

from risks.assessing import listing, views

urlpatterns = [
    path("", listing.AssessmentList.as_view(), name="assessment-list"),
    path("new/", views.AssessmentCreate.as_view(), name="assessment-create"),
    path("<uuid:pk>/", views.AssessmentDetail.as_view(), name="assessment-detail"),
    path("<uuid:pk>/edit/", views.AssessmentEdit.as_view(), name="assessment-edit"),
    path("<uuid:pk>/submit/", views.AssessmentSubmit.as_view(), name="assessment-submit"),
    path("<uuid:pk>/approve/", views.AssessmentApprove.as_view(), name="assessment-approve"),
    path("<uuid:pk>/return/", views.AssessmentReturn.as_view(), name="assessment-return"),
    path("<uuid:pk>/recall/", views.AssessmentRecall.as_view(), name="assessment-recall"),
    path("<uuid:pk>/withdraw/", views.AssessmentWithdraw.as_view(), name="assessment-withdraw"),
    path("<uuid:pk>/json/", views.data, name="assessment-json"),
    path("<uuid:pk>/pdf/", views.pdf, name="assessment-pdf"),
]
