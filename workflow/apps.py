"""What the areas share: transitions, references, jobs, outbox, inbox, schedule."""

from django.apps import AppConfig

from accounts.mailer import register_mailer


class WorkflowConfig(AppConfig):
    """Workflow."""

    name = "workflow"
    verbose_name = "Workflow"

    def ready(self) -> None:
        """Invitations leave through the outbox, although accounts lies below it."""
        from workflow.outbox import queue_mail  # noqa: PLC0415 - models can be imported only now

        register_mailer(queue_mail)
