"""Scans: imported from files, or made by Plumbline's own TLS checks, and what follows from them."""
