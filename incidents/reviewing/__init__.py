"""The review of an incident: built from the record, submitted, approved by somebody else, printed."""
