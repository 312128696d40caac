"""What the areas share: transitions, references, jobs, outbox, inbox, schedule."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """Workflow."""

    name = "workflow"
    verbose_name = "Workflow"
