"""The views of the page: one module each, with its routes."""
