"""Faults that are brought about in interviews of real processes."""
