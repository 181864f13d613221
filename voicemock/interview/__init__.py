"""Holds the live conversation, and takes in answers that come another way: recovery and import."""
