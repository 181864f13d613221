"""Faults brought about in interviews of real processes."""
