"""How long the trail is kept, who keeps a month of it for longer, and taking a month out."""
