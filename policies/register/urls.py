"""Addresses of the register."""

from django.urls import path

from policies.register import files, listing, views

urlpatterns = [
    path("", listing.PolicyList.as_view(), name="list"),
    path("new/", views.PolicyCreate.as_view(), name="create"),
    path("register/import/", files.PolicyImport.as_view(), name="register-import"),
    path("register/import/sample/", files.sample, name="register-sample"),
    path("register/import/<uuid:pk>/", files.PolicyPreview.as_view(), name="register-preview"),
    path("register/export/<str:kind>/", files.export, name="register-export"),
    path("<uuid:pk>/", views.PolicyDetail.as_view(), name="detail"),
    path("<uuid:pk>/draft/", views.draft, name="draft"),
    path("<uuid:pk>/edit/", views.PolicyEdit.as_view(), name="edit"),
    path("<uuid:pk>/review/", views.PolicyReview.as_view(), name="review"),
    path("<uuid:pk>/retire/", views.PolicyRetire.as_view(), name="retire"),
    path("<uuid:pk>/restore/", views.PolicyRestore.as_view(), name="restore"),
]
