"""Signing in by the organization's own identity provider: OpenID Connect, code flow with PKCE, one organization at a time."""
