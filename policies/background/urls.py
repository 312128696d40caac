"""Addresses of background checks."""

from django.urls import path

from policies.background import files, listing, views

urlpatterns = [
    path("background/", listing.CheckList.as_view(), name="background"),
    path("background/new/", views.CheckCreate.as_view(), name="background-create"),
    path("background/rule/", views.RuleEdit.as_view(), name="background-rule"),
    path("background/import/", files.CheckImport.as_view(), name="background-import"),
    path("background/import/sample/", files.sample, name="background-sample"),
    path("background/import/<uuid:pk>/", files.CheckPreview.as_view(), name="background-preview"),
    path("background/export/<str:kind>/", files.export, name="background-export"),
    path("background/<uuid:pk>/", views.CheckDetail.as_view(), name="background-check"),
    path("background/<uuid:pk>/edit/", views.CheckEdit.as_view(), name="background-edit"),
    path("background/<uuid:pk>/withdraw/", views.CheckWithdraw.as_view(), name="background-withdraw"),
]
