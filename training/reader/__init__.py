"""Training of the reader that fills the evidence table: see docs/reader.md."""
