"""How the model of an answer's parts is trained: stories written for it, variants of them, and the fit."""
