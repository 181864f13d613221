"""Sound in and sound out: from a microphone's frame to timed words, from a text to the speaker."""
