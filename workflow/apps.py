"""What the areas share: transitions, references, jobs, outbox, inbox, reminders, schedule, views of lists."""

from django.apps import AppConfig

from accounts.mailer import register_mailer
from ui.navigation import register_place


class WorkflowConfig(AppConfig):
    """Workflow."""

    name = "workflow"
    verbose_name = "Workflow"

    def ready(self) -> None:
        """Invitations leave through the outbox, although accounts lies below it; mail and jobs have their places."""
        # These import models, which exist only now.
        from accounts.company.asking import register_asker  # noqa: PLC0415
        from accounts.explaining import register_source  # noqa: PLC0415
        from accounts.leaving import register_leaving  # noqa: PLC0415
        from accounts.notices import register_notices  # noqa: PLC0415
        from audit.words import learn  # noqa: PLC0415
        from workflow import disposing, erasing  # noqa: PLC0415
        from workflow.absences.standing import gathered_for, stands_in_for_somebody  # noqa: PLC0415
        from workflow.delegations import actions as delegations  # noqa: PLC0415
        from workflow.delegations.looking import sources  # noqa: PLC0415
        from workflow.inbox import register_inbox, register_standing  # noqa: PLC0415
        from workflow.jobs import fail_silent  # noqa: PLC0415
        from workflow.once import forget_sent  # noqa: PLC0415
        from workflow.outbox import forget_mail, queue_mail  # noqa: PLC0415
        from workflow.outgoing.asking import ask_provider  # noqa: PLC0415
        from workflow.resetting import waiting  # noqa: PLC0415
        from workflow.resetting.actions import end_late  # noqa: PLC0415
        from workflow.schedule import register_periodic  # noqa: PLC0415

        register_mailer(queue_mail)
        register_asker(ask_provider)
        register_source(sources)
        register_leaving(delegations.end_with_member)
        disposing.register()
        erasing.register()
        register_standing(gathered_for, stands_in_for_somebody)
        register_inbox(waiting.entries, waiting.about)
        register_notices(waiting.on_page)
        register_periodic("audit.learn", learn)
        register_periodic("jobs.silent", fail_silent)
        register_periodic("workflow.end_late_resets", end_late)
        register_periodic("workflow.end_late_delegations", delegations.end_late)
        register_periodic("workflow.forget_sent", forget_sent)
        register_periodic("workflow.forget_mail", forget_mail)
        register_place("settings", "Mail", "workflow:mail", "mail.read", order=30)
        register_place("settings", "Allowed hosts", "workflow:host-list", "organization.admin", order=35)
