"""The optional language model on this machine: what it is told, what it may say, and how it is reached."""
