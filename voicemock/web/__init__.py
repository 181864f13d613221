"""The page on this machine: the same interview, with a browser for devices."""
