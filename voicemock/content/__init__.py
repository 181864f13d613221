"""What stands in ``prompts/`` about asking and saying, read and checked: questions, topics, styles, wordings."""
