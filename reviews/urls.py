"""Addresses of reviews, below /o/<slug>/reviews/."""

from django.urls import include, path

from reviews.campaigns import overview, tables
from reviews.campaigns import views as campaigns
from reviews.deciding import items, table
from reviews.signoff import views as signoff

app_name = "reviews"
urlpatterns = [
    path("", campaigns.CampaignList.as_view(), name="list"),
    path("new/", campaigns.CampaignCreate.as_view(), name="create"),
    path("mine/", table.MyCampaigns.as_view(), name="mine"),
    path("scope/<uuid:pk>/", campaigns.ScopeEdit.as_view(), name="scope"),
    path("items/<uuid:pk>/", items.ItemDetail.as_view(), name="item"),
    path("items/<uuid:pk>/decide/", items.decide_item, name="item-decide"),
    path("items/<uuid:pk>/reassign/", items.ItemReassign.as_view(), name="item-reassign"),
    path("<uuid:pk>/", overview.CampaignDetail.as_view(), name="detail"),
    path("<uuid:pk>/edit/", campaigns.CampaignEdit.as_view(), name="edit"),
    path("<uuid:pk>/start/", campaigns.CampaignStart.as_view(), name="start"),
    path("<uuid:pk>/starting/", campaigns.starting, name="starting"),
    path("<uuid:pk>/hand-over/", overview.CampaignHandOver.as_view(), name="hand-over"),
    path("<uuid:pk>/cancel/", campaigns.CampaignCancel.as_view(), name="cancel"),
    path("<uuid:pk>/decide/", table.Deciding.as_view(), name="decide"),
    path("<uuid:pk>/my-progress/", table.my_progress, name="my-progress"),
    path("<uuid:pk>/items/", tables.ItemList.as_view(), name="items"),
    path("<uuid:pk>/removals/", tables.RemovalList.as_view(), name="removals"),
    path("<uuid:pk>/activity/", overview.CampaignActivity.as_view(), name="activity"),
    path("<uuid:pk>/remind/<uuid:person_id>/", overview.remind, name="remind"),
    path("<uuid:pk>/sign-off/", signoff.SignOff.as_view(), name="sign-off"),
    path("<uuid:pk>/close/", signoff.Close.as_view(), name="close"),
    path("<uuid:pk>/reports/", overview.CampaignReports.as_view(), name="reports"),
    path("<uuid:pk>/report/", include("reviews.outputs.urls")),
]
