"""The models of processing."""
