"""Measures many recordings on every core, or on many machines, into tables."""
