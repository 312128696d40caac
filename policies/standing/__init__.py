"""What policies hold up: the policy leg of the controls that they document, and their shelf of the audit binder."""
