"""Shows what is kept and measured: on the terminal, as a page, as exported files."""
