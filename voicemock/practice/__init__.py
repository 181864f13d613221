"""Decides what to do next: plan, progress, stories, job descriptions, and takes beside each other."""
