"""Keeps interviews and stories, finds them again, and deletes them for good."""
