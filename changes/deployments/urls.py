"""Addresses of deployments."""

from django.urls import path

from changes.deployments import listing, transfer, views

urlpatterns = [
    path("", listing.DeploymentList.as_view(), name="deployment-list"),
    path("import/", transfer.DeploymentImport.as_view(), name="deployment-import"),
    path("import/sample/", transfer.sample, name="deployment-sample"),
    path("import/<uuid:pk>/", transfer.DeploymentPreview.as_view(), name="deployment-preview"),
    path("gate/", listing.GateList.as_view(), name="gate-list"),
    path("coverage/", views.CoveragePage.as_view(), name="reconciliation"),
    path("coverage/environments/", views.EnvironmentsEdit.as_view(), name="deployment-environments"),
    path("coverage/again/", views.reconcile_all, name="deployment-reconcile"),
    path("<uuid:pk>/", views.DeploymentDetail.as_view(), name="deployment-detail"),
    path("<uuid:pk>/link/", views.DeploymentLinkScreen.as_view(), name="deployment-link"),
    path("<uuid:pk>/unlink/", views.DeploymentUnlink.as_view(), name="deployment-unlink"),
]
