"""Addresses of the binder."""

from django.urls import path

from controls.binder.views import description, frozen, overview, review, rows

urlpatterns = [
    path("", overview.Binder.as_view(), name="binder"),
    path("review/", review.Review.as_view(), name="binder-review"),
    path("periods/<uuid:pk>/<slug:item>/", overview.Waive.as_view(), name="waiver-create"),
    path("waivers/<uuid:pk>/", overview.WaiverWithdraw.as_view(), name="waiver-withdraw"),
    path("description/", description.Description.as_view(), name="description"),
    path("description/write/<slug:section>/", description.TextWrite.as_view(), name="description-write"),
    path("description/texts/<uuid:pk>/", description.TextDetail.as_view(), name="description-text"),
    path("description/texts/<uuid:pk>/approve/", description.TextApprove.as_view(), name="description-text-approve"),
    path("description/diagrams/new/", description.DiagramAdd.as_view(), name="diagram-add"),
    path("description/freeze/", frozen.Freeze.as_view(), name="description-freeze"),
    path("description/<uuid:pk>/", frozen.FrozenDetail.as_view(), name="description-frozen"),
    path("description/<uuid:pk>/sign/", frozen.Sign.as_view(), name="description-frozen-sign"),
    path("description/<uuid:pk>/description.json", frozen.data, name="description-frozen-json"),
    path("description/<uuid:pk>/description.pdf", frozen.pdf, name="description-frozen-pdf"),
    path("flows/", rows.FlowList.as_view(), name="flow-list"),
    path("flows/new/", rows.FlowCreate.as_view(), name="flow-create"),
    path("flows/<uuid:pk>/", rows.FlowEdit.as_view(), name="flow-edit"),
    path("flows/<uuid:pk>/retire/", rows.FlowRetire.as_view(), name="flow-retire"),
    path("user-entity-controls/new/", rows.UserEntityCreate.as_view(), name="user-entity-create"),
    path("user-entity-controls/<uuid:pk>/", rows.UserEntityEdit.as_view(), name="user-entity-edit"),
    path("user-entity-controls/<uuid:pk>/retire/", rows.UserEntityRetire.as_view(), name="user-entity-retire"),
    path("subservice-organizations/new/", rows.SubserviceCreate.as_view(), name="subservice-create"),
    path("subservice-organizations/<uuid:pk>/", rows.SubserviceEdit.as_view(), name="subservice-edit"),
    path("subservice-organizations/<uuid:pk>/retire/", rows.SubserviceRetire.as_view(), name="subservice-retire"),
]
