"""Systems, people, accounts, populations and removals, below access/."""

from django.urls import include, path

from inventory.people.views import accounts, employment, identity, people, person, rosters
from inventory.removals.views import acts, removal, removals
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
    path("people/new/", employment.PersonCreate.as_view(), name="person-create"),
    path("people/aliases/<uuid:pk>/remove/", identity.remove_alias, name="alias-remove"),
    path("people/<uuid:pk>/", person.PersonDetail.as_view(), name="person-detail"),
    path("people/<uuid:pk>/edit/", employment.PersonEdit.as_view(), name="person-edit"),
    path("people/<uuid:pk>/leave/", employment.PersonLeave.as_view(), name="person-leave"),
    path("people/<uuid:pk>/pause/", employment.PersonPause.as_view(), name="person-pause"),
    path("people/<uuid:pk>/return/", employment.PersonReturn.as_view(), name="person-return"),
    path("people/<uuid:pk>/rehire/", employment.PersonRehire.as_view(), name="person-rehire"),
    path("people/<uuid:pk>/alias/", identity.PersonAliasAdd.as_view(), name="alias-add"),
    path("people/<uuid:pk>/member/", identity.PersonLink.as_view(), name="person-link"),
    path("people/accounts/", accounts.AccountList.as_view(), name="account-list"),
    path("people/rosters/", rosters.RosterList.as_view(), name="roster-list"),
    path("people/rosters/new/", rosters.RosterUpload.as_view(), name="roster-upload"),
    path("people/rosters/sample.csv", rosters.sample, name="roster-sample"),
    path("people/rosters/<uuid:pk>/", rosters.RosterDetail.as_view(), name="roster-detail"),
    path("people/rosters/<uuid:pk>/progress/", rosters.progress, name="roster-progress"),
    path("people/rosters/<uuid:pk>/discard/", rosters.discard, name="roster-discard"),
    path("people/rosters/<uuid:pk>/rejected.csv", rosters.rejected, name="roster-rejected"),
    path("people/rosters/<uuid:pk>/file/", rosters.original, name="roster-original"),
    path("removals/", removals.RemovalList.as_view(), name="removal-list"),
    path("removals/<uuid:pk>/", removal.RemovalDetail.as_view(), name="removal-detail"),
    path("removals/<uuid:pk>/claim/", acts.RemovalClaim.as_view(), name="removal-claim"),
    path("removals/<uuid:pk>/unclaim/", acts.RemovalUnclaim.as_view(), name="removal-unclaim"),
    path("removals/<uuid:pk>/accept/", acts.RemovalAccept.as_view(), name="removal-accept"),
    path("removals/<uuid:pk>/reassign/", acts.RemovalReassign.as_view(), name="removal-reassign"),
    path("removals/<uuid:pk>/file/", removal.claim_file, name="removal-file"),
    path("snapshots/", include("inventory.snapshots.urls")),
]
