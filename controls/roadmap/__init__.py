"""The remediation roadmap: five phases of tasks from a gap analysis to the audit."""
