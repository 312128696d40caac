"""Addresses of reviews, below those of incidents."""

from django.urls import path

from incidents.reviewing import views

urlpatterns = [
    path("<uuid:pk>/review/", views.ReviewBegin.as_view(), name="review-begin"),
    path("reviews/<uuid:pk>/", views.ReviewDetail.as_view(), name="review"),
    path("reviews/<uuid:pk>/write/", views.ReviewWrite.as_view(), name="review-write"),
    path("reviews/<uuid:pk>/submit/", views.ReviewSubmit.as_view(), name="review-submit"),
    path("reviews/<uuid:pk>/withdraw/", views.ReviewWithdraw.as_view(), name="review-withdraw"),
    path("reviews/<uuid:pk>/approver/", views.ApproverAdd.as_view(), name="review-approver"),
    path("reviews/<uuid:pk>/approve/", views.ReviewApprove.as_view(), name="review-approve"),
    path("reviews/<uuid:pk>/return/", views.ReviewReturn.as_view(), name="review-return"),
    path("reviews/<uuid:pk>/print/", views.make_pdf, name="review-pdf-make"),
    path("reviews/<uuid:pk>/review.pdf", views.pdf, name="review-pdf"),
]
