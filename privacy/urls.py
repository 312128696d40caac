"""Addresses of privacy, below /o/<slug>/privacy/."""

from django.urls import URLPattern, URLResolver, path

from privacy.classes import listing as class_lists
from privacy.classes import views as classes
from privacy.customers import files as customer_files
from privacy.customers import views as customers
from privacy.notices import consents
from privacy.notices import files as notice_files
from privacy.notices import views as notices
from privacy.registers import views as registers
from privacy.retention import files as hold_files
from privacy.retention import holds, schedules
from privacy.retention import listing as retention_lists
from privacy.retention import views as certificates
from privacy.subjects import acts
from privacy.subjects import files as request_files
from privacy.subjects import listing as request_lists
from privacy.subjects import views as requests

app_name = "privacy"
urlpatterns: list[URLPattern | URLResolver] = [
    path("registers/<slug:key>.<slug:kind>", registers.register_file, name="register-file"),
    path("classes/", class_lists.ClassList.as_view(), name="class-list"),
    path("classes/new/", classes.ClassCreate.as_view(), name="class-create"),
    path("classes/import/", registers.ClassImport.as_view(), name="class-import"),
    path("classes/<uuid:pk>/", classes.ClassDetail.as_view(), name="class-detail"),
    path("classes/<uuid:pk>/edit/", classes.ClassEdit.as_view(), name="class-edit"),
    path("classes/<uuid:pk>/retire/", classes.ClassRetire.as_view(), name="class-retire"),
    path("classes/<uuid:pk>/restore/", classes.ClassRestore.as_view(), name="class-restore"),
    path("inventory/", class_lists.DataSetList.as_view(), name="dataset-list"),
    path("inventory/new/", classes.DataSetCreate.as_view(), name="dataset-create"),
    path("inventory/import/", registers.DataSetImport.as_view(), name="dataset-import"),
    path("inventory/<uuid:pk>/", classes.DataSetDetail.as_view(), name="dataset-detail"),
    path("inventory/<uuid:pk>/edit/", classes.DataSetEdit.as_view(), name="dataset-edit"),
    path("inventory/<uuid:pk>/retire/", classes.DataSetRetire.as_view(), name="dataset-retire"),
    path("inventory/<uuid:pk>/restore/", classes.DataSetRestore.as_view(), name="dataset-restore"),
    path("schedules/", retention_lists.ScheduleList.as_view(), name="schedule-list"),
    path("schedules/new/", schedules.ScheduleCreate.as_view(), name="schedule-create"),
    path("schedules/import/", registers.ScheduleImport.as_view(), name="schedule-import"),
    path("schedules/<uuid:pk>/", schedules.ScheduleDetail.as_view(), name="schedule-detail"),
    path("schedules/<uuid:pk>/edit/", schedules.ScheduleEdit.as_view(), name="schedule-edit"),
    path("schedules/<uuid:pk>/retire/", schedules.ScheduleRetire.as_view(), name="schedule-retire"),
    path("schedules/<uuid:pk>/restore/", schedules.ScheduleRestore.as_view(), name="schedule-restore"),
    path("schedules/<uuid:pk>/run/", schedules.ScheduleRun.as_view(), name="schedule-run"),
    path("holds/", retention_lists.HoldList.as_view(), name="hold-list"),
    path("holds/new/", holds.HoldCreate.as_view(), name="hold-create"),
    path("holds/import/", hold_files.HoldImport.as_view(), name="hold-import"),
    path("holds/import/sample/", hold_files.sample, name="hold-sample"),
    path("holds/import/<uuid:pk>/", hold_files.HoldPreview.as_view(), name="hold-preview"),
    path("holds/export/<str:kind>/", hold_files.export, name="hold-export"),
    path("holds/<uuid:pk>/", holds.HoldDetail.as_view(), name="hold-detail"),
    path("holds/<uuid:pk>/lift/", holds.HoldLift.as_view(), name="hold-lift"),
    path("deletions/", retention_lists.CertificateList.as_view(), name="certificate-list"),
    path("deletions/<uuid:pk>/", certificates.CertificateDetail.as_view(), name="certificate-detail"),
    path("deletions/<uuid:pk>/certificate.pdf", certificates.certificate_pdf, name="certificate-pdf"),
    path("deletions/<uuid:pk>/list.txt", certificates.certificate_file, name="certificate-file"),
    path("customers/", customers.CustomerList.as_view(), name="customer-list"),
    path("customers/new/", customers.CustomerCreate.as_view(), name="customer-create"),
    path("customers/import/", customer_files.CustomerImport.as_view(), name="customer-import"),
    path("customers/import/sample/", customer_files.sample, name="customer-sample"),
    path("customers/import/<uuid:pk>/", customer_files.CustomerPreview.as_view(), name="customer-preview"),
    path("customers/export/<str:kind>/", customer_files.export, name="customer-export"),
    path("customers/<uuid:pk>/", customers.CustomerDetail.as_view(), name="customer-detail"),
    path("customers/<uuid:pk>/edit/", customers.CustomerEdit.as_view(), name="customer-edit"),
    path("customers/<uuid:pk>/places/new/", customers.StepAdd.as_view(), name="step-add"),
    path("customers/<uuid:pk>/close/", customers.CustomerClose.as_view(), name="customer-close"),
    path("customers/<uuid:pk>/cancel/", customers.CustomerCancel.as_view(), name="customer-cancel"),
    path("customers/places/<uuid:pk>/", customers.StepDetail.as_view(), name="step-detail"),
    path("customers/places/<uuid:pk>/done/", customers.StepDo.as_view(), name="step-do"),
    path("customers/places/<uuid:pk>/reopen/", customers.StepReopen.as_view(), name="step-reopen"),
    path("notices/", notices.NoticeList.as_view(), name="notice-list"),
    path("notices/new/", notices.NoticeCreate.as_view(), name="notice-create"),
    path("notices/import/", notice_files.NoticeImport.as_view(), name="notice-import"),
    path("notices/import/sample/", notice_files.sample, name="notice-sample"),
    path("notices/import/<uuid:pk>/", notice_files.NoticePreview.as_view(), name="notice-preview"),
    path("notices/export/<str:kind>/", notice_files.export, name="notice-export"),
    path("notices/<uuid:pk>/", notices.NoticeDetail.as_view(), name="notice-detail"),
    path("notices/<uuid:pk>/edit/", notices.NoticeEdit.as_view(), name="notice-edit"),
    path("notices/<uuid:pk>/retire/", notices.NoticeRetire.as_view(), name="notice-retire"),
    path("notices/<uuid:pk>/restore/", notices.NoticeRestore.as_view(), name="notice-restore"),
    path("notices/<uuid:pk>/versions/new/", notices.VersionCreate.as_view(), name="version-create"),
    path("notices/versions/<uuid:pk>/", notices.VersionDetail.as_view(), name="version-detail"),
    path("notices/versions/<uuid:pk>/edit/", notices.VersionEdit.as_view(), name="version-edit"),
    path("notices/versions/<uuid:pk>/publish/", notices.VersionPublish.as_view(), name="version-publish"),
    path("consents/", consents.ConsentList.as_view(), name="consent-list"),
    path("consents/new/", consents.ConsentCreate.as_view(), name="consent-create"),
    path("consents/import/", registers.ConsentImport.as_view(), name="consent-import"),
    path("consents/<uuid:pk>/", consents.ConsentDetail.as_view(), name="consent-detail"),
    path("consents/<uuid:pk>/withdraw/", consents.ConsentWithdraw.as_view(), name="consent-withdraw"),
    path("requests/", request_lists.RequestList.as_view(), name="request-list"),
    path("requests/new/", acts.RequestCreate.as_view(), name="request-create"),
    path("requests/import/", request_files.RequestImport.as_view(), name="request-import"),
    path("requests/import/sample/", request_files.sample, name="request-sample"),
    path("requests/import/<uuid:pk>/", request_files.RequestPreview.as_view(), name="request-preview"),
    path("requests/export/<str:kind>/", request_files.export, name="request-register"),
    path("requests/<uuid:pk>/", requests.RequestDetail.as_view(), name="request-detail"),
    path("requests/<uuid:pk>/verify/", acts.RequestVerify.as_view(), name="request-verify"),
    path("requests/<uuid:pk>/extend/", acts.RequestExtend.as_view(), name="request-extend"),
    path("requests/<uuid:pk>/assign/", acts.RequestAssign.as_view(), name="request-assign"),
    path("requests/<uuid:pk>/answer/", acts.RequestAnswer.as_view(), name="request-answer"),
    path("requests/<uuid:pk>/refuse/", acts.RequestRefuse.as_view(), name="request-refuse"),
    path("requests/<uuid:pk>/withdraw/", acts.RequestWithdraw.as_view(), name="request-withdraw"),
    path("requests/<uuid:pk>/correct/", acts.RequestCorrect.as_view(), name="request-correct"),
    path("requests/<uuid:pk>/erase/", acts.RequestErase.as_view(), name="request-erase"),
    path("requests/<uuid:pk>/data.zip", requests.request_export, name="request-export"),
    path("requests/<uuid:pk>/letter.pdf", requests.request_letter, name="request-letter"),
    path("requests/<uuid:pk>/tasks/new/", acts.TaskAdd.as_view(), name="task-add"),
    path("requests/tasks/<uuid:pk>/", requests.TaskDetail.as_view(), name="task-detail"),
    path("requests/tasks/<uuid:pk>/done/", acts.TaskDo.as_view(), name="task-do"),
]
