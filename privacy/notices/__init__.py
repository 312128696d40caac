"""Privacy notices and consents."""
