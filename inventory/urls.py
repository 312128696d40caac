"""Systems, people, accounts, populations and removals, below access/."""

from django.urls import include, path

from inventory.people import account_views, roster_views
from inventory.people import views as people
from inventory.removals import views as removals
from inventory.systems import views as systems

app_name = "inventory"
urlpatterns = [
    path("systems/", systems.SystemList.as_view(), name="system-list"),
    path("systems/new/", systems.SystemCreate.as_view(), name="system-create"),
    path("systems/<uuid:pk>/", systems.SystemDetail.as_view(), name="system-detail"),
    path("systems/<uuid:pk>/edit/", systems.SystemEdit.as_view(), name="system-edit"),
    path("systems/<uuid:pk>/retire/", systems.SystemRetire.as_view(), name="system-retire"),
    path("systems/<uuid:pk>/restore/", systems.SystemRestore.as_view(), name="system-restore"),
    path("people/", people.PersonList.as_view(), name="person-list"),
    path("people/new/", people.PersonCreate.as_view(), name="person-create"),
    path("people/aliases/<uuid:pk>/remove/", people.remove_alias, name="alias-remove"),
    path("people/<uuid:pk>/", people.PersonDetail.as_view(), name="person-detail"),
    path("people/<uuid:pk>/edit/", people.PersonEdit.as_view(), name="person-edit"),
    path("people/<uuid:pk>/leave/", people.PersonLeave.as_view(), name="person-leave"),
    path("people/<uuid:pk>/pause/", people.PersonPause.as_view(), name="person-pause"),
    path("people/<uuid:pk>/return/", people.PersonReturn.as_view(), name="person-return"),
    path("people/<uuid:pk>/rehire/", people.PersonRehire.as_view(), name="person-rehire"),
    path("people/<uuid:pk>/alias/", people.PersonAliasAdd.as_view(), name="alias-add"),
    path("people/<uuid:pk>/member/", people.PersonLink.as_view(), name="person-link"),
    path("people/accounts/", account_views.AccountList.as_view(), name="account-list"),
    path("people/rosters/", roster_views.RosterList.as_view(), name="roster-list"),
    path("people/rosters/new/", roster_views.RosterUpload.as_view(), name="roster-upload"),
    path("people/rosters/sample.csv", roster_views.sample, name="roster-sample"),
    path("people/rosters/<uuid:pk>/", roster_views.RosterDetail.as_view(), name="roster-detail"),
    path("people/rosters/<uuid:pk>/discard/", roster_views.discard, name="roster-discard"),
    path("people/rosters/<uuid:pk>/rejected.csv", roster_views.rejected, name="roster-rejected"),
    path("people/rosters/<uuid:pk>/file/", roster_views.original, name="roster-original"),
    path("removals/", removals.RemovalList.as_view(), name="removal-list"),
    path("removals/<uuid:pk>/", removals.RemovalDetail.as_view(), name="removal-detail"),
    path("removals/<uuid:pk>/claim/", removals.RemovalClaim.as_view(), name="removal-claim"),
    path("removals/<uuid:pk>/unclaim/", removals.RemovalUnclaim.as_view(), name="removal-unclaim"),
    path("removals/<uuid:pk>/accept/", removals.RemovalAccept.as_view(), name="removal-accept"),
    path("removals/<uuid:pk>/reassign/", removals.RemovalReassign.as_view(), name="removal-reassign"),
    path("removals/<uuid:pk>/file/", removals.claim_file, name="removal-file"),
    path("snapshots/", include("inventory.urls_snapshots")),
]
