"""Addresses of reviews, below those of incidents."""

from django.urls import path

from incidents.reviewing import views

urlpatterns = [
    path("<uuid:pk>/review/", views.ReviewBegin.as_view(), name="review-begin"),
    path("<uuid:pk>/review/<uuid:review>/", views.ReviewDetail.as_view(), name="review"),
    path("<uuid:pk>/review/<uuid:review>/write/", views.ReviewWrite.as_view(), name="review-write"),
    path("<uuid:pk>/review/<uuid:review>/submit/", views.ReviewSubmit.as_view(), name="review-submit"),
    path("<uuid:pk>/review/<uuid:review>/withdraw/", views.ReviewWithdraw.as_view(), name="review-withdraw"),
    path("<uuid:pk>/review/<uuid:review>/approve/", views.ReviewApprove.as_view(), name="review-approve"),
    path("<uuid:pk>/review/<uuid:review>/return/", views.ReviewReturn.as_view(), name="review-return"),
    path("<uuid:pk>/review/<uuid:review>/print/", views.make_pdf, name="review-pdf-make"),
    path("<uuid:pk>/review/<uuid:review>/review.pdf", views.pdf, name="review-pdf"),
]
