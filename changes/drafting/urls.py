"""Addresses of writing changes."""

from django.urls import path

from changes.drafting import editing, importing_views, kept_views, listing, settings, template_views, views

urlpatterns = [
    path("", listing.ChangeList.as_view(), name="list"),
    path("new/", views.ChangeCreate.as_view(), name="create"),
    path("risk/", editing.risk, name="risk"),
    path("settings/", settings.SettingsScreen.as_view(), name="settings"),
    path("import/", importing_views.ChangeImport.as_view(), name="import"),
    path("import/sample/", importing_views.sample, name="sample"),
    path("import/<uuid:pk>/", importing_views.ChangePreview.as_view(), name="preview"),
    path("views/keep/", kept_views.ViewKeep.as_view(), name="view-keep"),
    path("views/<uuid:pk>/forget/", kept_views.forget, name="view-forget"),
    path("templates/", template_views.TemplateList.as_view(), name="template-list"),
    path("templates/new/", template_views.TemplateCreate.as_view(), name="template-create"),
    path("templates/<uuid:pk>/", template_views.TemplateDetail.as_view(), name="template-detail"),
    path("templates/<uuid:pk>/edit/", template_views.TemplateEdit.as_view(), name="template-edit"),
    path("templates/<uuid:pk>/submit/", template_views.submit, name="template-submit"),
    path("templates/<uuid:pk>/approve/", template_views.TemplateApprove.as_view(), name="template-approve"),
    path("templates/<uuid:pk>/return/", template_views.TemplateReturn.as_view(), name="template-return"),
    path("templates/<uuid:pk>/retire/", template_views.TemplateRetire.as_view(), name="template-retire"),
    path("<uuid:pk>/edit/", editing.ChangeEdit.as_view(), name="edit"),
    path("<uuid:pk>/save/", editing.save, name="save"),
    path("<uuid:pk>/copy/", views.ChangeClone.as_view(), name="clone"),
    path("<uuid:pk>/comment/", views.ChangeComment.as_view(), name="comment"),
    path("<uuid:pk>/watch/", views.watch, name="watch"),
    path("<uuid:pk>/unwatch/", views.unwatch, name="unwatch"),
    path("<uuid:pk>/files/", views.ChangeAttach.as_view(), name="attach"),
    path("<uuid:pk>/files/<uuid:proof>/", views.file, name="file"),
    path("<uuid:pk>/files/<uuid:proof>/remove/", views.ChangeDetach.as_view(), name="detach"),
]
