"""Violations: where a policy was not kept, found by people, by other systems and by Plumbline, until they are put right."""
