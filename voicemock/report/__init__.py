"""What it looks like: on the terminal, as a page, as exported files."""
