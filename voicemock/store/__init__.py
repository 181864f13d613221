"""What is kept, found again, and deleted for good."""
