"""What an answer looks like: on a terminal, on a page, in a file."""
