"""An answer made tighter in the candidate's own sentences (docs/tighter.md)."""
