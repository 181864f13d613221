"""Questions, styles and wordings: the parts of ``prompts/`` about asking and saying, read and checked."""
