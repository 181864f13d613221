"""From a transcript to measures: pure functions over lexicons and weights that are read once. No clock, no device."""
