"""Training of what tells discourse markers: docs/metrics.md."""
