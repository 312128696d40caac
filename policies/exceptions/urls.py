"""Addresses of exceptions."""

from django.urls import path

from policies.exceptions import files, listing, views

urlpatterns = [
    path("exceptions/", listing.ExceptionList.as_view(), name="exceptions"),
    path("exceptions/ask/", views.ExceptionAsk.as_view(), name="exception-ask"),
    path("exceptions/import/", files.ExceptionImport.as_view(), name="exception-import"),
    path("exceptions/import/sample/", files.sample, name="exception-sample"),
    path("exceptions/import/<uuid:pk>/", files.ExceptionPreview.as_view(), name="exception-preview"),
    path("exceptions/export/<str:kind>/", files.export, name="exception-export"),
    path("exceptions/<uuid:pk>/", views.ExceptionDetail.as_view(), name="exception"),
    path("exceptions/<uuid:pk>/approve/", views.ExceptionApprove.as_view(), name="exception-approve"),
    path("exceptions/<uuid:pk>/refuse/", views.ExceptionRefuse.as_view(), name="exception-refuse"),
    path("exceptions/<uuid:pk>/withdraw/", views.ExceptionWithdraw.as_view(), name="exception-withdraw"),
    path("exceptions/<uuid:pk>/end/", views.ExceptionEnd.as_view(), name="exception-end"),
]
