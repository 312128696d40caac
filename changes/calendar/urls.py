"""Addresses of the calendar, below changes/."""

from django.urls import path

from changes.calendar import listing, pages, views

urlpatterns = [
    path("calendar/", pages.Calendar.as_view(), name="calendar"),
    path("calendar/file/", pages.download, name="calendar-file"),
    path("calendar/freezes/", listing.FreezeList.as_view(), name="freeze-list"),
    path("calendar/freezes/new/", views.FreezeCreate.as_view(), name="freeze-create"),
    path("calendar/freezes/<uuid:pk>/", views.FreezeDetail.as_view(), name="freeze-detail"),
    path("calendar/freezes/<uuid:pk>/edit/", views.FreezeEdit.as_view(), name="freeze-edit"),
    path("calendar/freezes/<uuid:pk>/cancel/", views.FreezeCancel.as_view(), name="freeze-cancel"),
    path("calendar/freezes/<uuid:pk>/restore/", views.FreezeRestore.as_view(), name="freeze-restore"),
    path("<uuid:pk>/let-through/", views.OverrideCreate.as_view(), name="override-create"),
    path("calendar/overrides/<uuid:pk>/withdraw/", views.OverrideWithdraw.as_view(), name="override-withdraw"),
]
