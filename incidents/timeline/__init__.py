"""The timeline of an incident: written fast, never changed, corrected beside what was said."""
