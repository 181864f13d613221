"""A spoken mock interviewer that listens, measures and coaches. Nothing leaves the machine."""
