"""Addresses of taking the register out and bringing it in."""

from django.urls import path

from risks.transfer import views

urlpatterns = [
    path("import/", views.RiskImport.as_view(), name="import"),
    path("import/<uuid:pk>/", views.RiskPreview.as_view(), name="preview"),
    path("import/sample/", views.sample, name="sample"),
    path("export/<slug:kind>/", views.export, name="export"),
]
