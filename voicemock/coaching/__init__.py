"""From measures to what the interviewer says: feedback, follow-ups, debrief, the optional language model."""
