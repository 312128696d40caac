"""Addresses of acknowledgements."""

from django.urls import path

from policies.acknowledging import listing, views

urlpatterns = [
    path("acknowledgements/", listing.AcknowledgementList.as_view(), name="acknowledgements"),
    path("acknowledgements/ask/", views.CampaignStart.as_view(), name="acknowledge"),
    path("acknowledgements/campaigns/", listing.CampaignList.as_view(), name="acknowledge-campaigns"),
    path("acknowledgements/campaigns/<uuid:pk>/", views.CampaignDetail.as_view(), name="acknowledge-campaign"),
    path("acknowledgements/campaigns/<uuid:pk>/close/", views.CampaignClose.as_view(), name="acknowledge-campaign-close"),
    path("acknowledgements/<uuid:pk>/", views.AcknowledgementDetail.as_view(), name="acknowledgement"),
    path("acknowledgements/<uuid:pk>/confirm/", views.Confirm.as_view(), name="acknowledgement-confirm"),
    path("acknowledgements/<uuid:pk>/print/", views.make_certificate, name="acknowledgement-pdf-make"),
    path("acknowledgements/<uuid:pk>/certificate.pdf", views.certificate, name="acknowledgement-pdf"),
    path("<uuid:pk>/acknowledgement/", views.RuleEdit.as_view(), name="rule"),
]
