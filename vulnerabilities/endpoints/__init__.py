"""TLS endpoints: Plumbline's own handshake, each week, kept with its history."""
