"""What an incident has to do with other records: changes, findings, controls, other incidents."""
