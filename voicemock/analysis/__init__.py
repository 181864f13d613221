"""Pure functions from words, times and text to findings: pace, fillers, pauses, structure, quantified results."""

from voicemock.analysis.analyze import ANALYSIS_VERSION, Measured, analyze, measure
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.spoken_text import transcript_of_text, transcript_of_words

__all__ = ["ANALYSIS_VERSION", "Lexicon", "Measured", "analyze", "measure", "transcript_of_text", "transcript_of_words"]
