"""Transcripts that other programs wrote: captions, exports of meetings, and the JSON of Whisper."""
