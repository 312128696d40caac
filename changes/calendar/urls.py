"""Addresses of the calendar, below changes/."""

from django.urls import path

from changes.calendar import listing, pages, views

urlpatterns = [
    path("calendar/", pages.Calendar.as_view(), name="calendar"),
    path("freezes/", listing.FreezeList.as_view(), name="freeze-list"),
    path("freezes/new/", views.FreezeCreate.as_view(), name="freeze-create"),
    path("freezes/<uuid:pk>/", views.FreezeDetail.as_view(), name="freeze-detail"),
    path("freezes/<uuid:pk>/edit/", views.FreezeEdit.as_view(), name="freeze-edit"),
    path("freezes/<uuid:pk>/cancel/", views.FreezeCancel.as_view(), name="freeze-cancel"),
    path("freezes/<uuid:pk>/restore/", views.FreezeRestore.as_view(), name="freeze-restore"),
    path("<uuid:pk>/let-through/", views.OverrideCreate.as_view(), name="override-create"),
    path("freeze-overrides/<uuid:pk>/withdraw/", views.OverrideWithdraw.as_view(), name="override-withdraw"),
]
