"""Hostile and damaged input, for the tests and for hours of bench/fuzz.py.

Each reader is a way into the program. It is given a case and may refuse it with an error of ours. It must not end
with any other error, take long, fill the memory, read or write elsewhere, or hand a steering character on.
"""

from tests.hostile.reader import Reader
from tests.hostile.readers import READERS

__all__ = ["READERS", "Reader"]
