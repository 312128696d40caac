"""Addresses of training."""

from django.urls import path

from policies.training import files, listing, views

urlpatterns = [
    path("training/", listing.TrainingList.as_view(), name="training"),
    path("training/new/", views.TrainingCreate.as_view(), name="training-create"),
    path("training/import/", files.TrainingImport.as_view(), name="training-import"),
    path("training/import/sample/", files.sample, name="training-sample"),
    path("training/import/<uuid:pk>/", files.TrainingPreview.as_view(), name="training-preview"),
    path("training/export/<str:kind>/", files.export, name="training-export"),
    path("training/courses/", listing.CourseList.as_view(), name="courses"),
    path("training/courses/new/", views.CourseCreate.as_view(), name="course-create"),
    path("training/courses/<uuid:pk>/", views.CourseDetail.as_view(), name="course"),
    path("training/courses/<uuid:pk>/people/", listing.CoursePeople.as_view(), name="course-people"),
    path("training/courses/<uuid:pk>/edit/", views.CourseEdit.as_view(), name="course-edit"),
    path("training/courses/<uuid:pk>/retire/", views.CourseRetire.as_view(), name="course-retire"),
    path("training/courses/<uuid:pk>/restore/", views.CourseRestore.as_view(), name="course-restore"),
    path("training/<uuid:pk>/", views.TrainingDetail.as_view(), name="training-record"),
    path("training/<uuid:pk>/edit/", views.TrainingEdit.as_view(), name="training-edit"),
    path("training/<uuid:pk>/withdraw/", views.TrainingWithdraw.as_view(), name="training-withdraw"),
    path("training/<uuid:pk>/certificate/", views.certificate, name="training-certificate"),
]
