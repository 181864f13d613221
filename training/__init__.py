"""How the reader is trained: the labeled answers of the corpus, stories that were labeled before it, and the fit."""
