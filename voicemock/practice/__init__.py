"""Decides what to do next: plan, progress, stories, job descriptions, and and takes compared side by side."""
