"""The live conversation, and the other ways an answer comes in: recovery and import."""
