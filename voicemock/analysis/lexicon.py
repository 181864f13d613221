"""The words that the analysis knows, read from ``prompts/phrases``, ``prompts/patterns`` and ``prompts/checklists``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property

from voicemock.analysis.lexicon_files import Checklist, FillerWords, OutcomeWords
from voicemock.analysis.phrasebook import Phrasebook, Phrases
from voicemock.analysis.statements import Statement
from voicemock.content import load_yaml, prompts_folder
from voicemock.models import Model


class Lexicon(Model):
    """Everything lexical that ``analyze`` needs."""

    fillers: FillerWords
    outcomes: OutcomeWords
    repetitions: Phrases
    ownership: Phrases
    language: Phrases
    """Hedges, weak verbs and passives."""
    substance: Phrases
    """Coordination, technical contributions, decisions, trade-offs and risks."""
    jargon: Phrases
    complexity: Phrases
    """What is hard to build, and what shows that something simple stands."""
    rambling: Phrases
    relevance: Phrases
    checklists: tuple[Checklist, ...]
    extra_fillers: tuple[str, ...] = ()
    """Words and phrases that always count as discourse markers, lower case."""

    @classmethod
    def load(cls, extra_fillers: tuple[str, ...] = ()) -> Lexicon:
        """Return the lexicons; they are read once a process, and so are their phrasebooks made.

        Raises:
            ContentError: A file is missing or breaks its schema.
        """
        if not extra_fillers:
            return _files()
        extra = tuple(" ".join(phrase.lower().split()) for phrase in extra_fillers)
        wanted = tuple(phrase for phrase in extra if phrase)
        return _files().model_copy(update={"extra_fillers": wanted}) if wanted else _files()

    @cached_property
    def terms(self) -> Phrasebook:
        """Finds technical terms; each is a rule of its own."""
        return self.jargon.each("terms")

    def is_explained(self, statements: Sequence[Statement], index: int) -> bool:
        """Return whether a sentence, or the one behind it, says what something is or does."""
        return self.jargon.hears("explains", statements[index]) or (
            index + 1 < len(statements) and self.jargon.hears("explains next", statements[index + 1])
        )

    @cached_property
    def known_abbreviations(self) -> frozenset[str]:
        """Abbreviations that are no jargon, in capitals."""
        return self.jargon["known"]

    @cached_property
    def stop_words(self) -> frozenset[str]:
        """Words without content of their own."""
        return self.rambling["stop words"]

    @cached_property
    def checklist_books(self) -> dict[str, Phrasebook]:
        """Finds what covers the items of each checklist, by its name."""
        return {checklist.name: Phrasebook(checklist.items, checklist.sets) for checklist in self.checklists}

    @cached_property
    def function_words(self) -> frozenset[str]:
        """Words that make up about half of any English talk."""
        return self.relevance["function words"]

    @cached_property
    def no_answer(self) -> Phrasebook:
        """Finds that the candidate has nothing to tell."""
        return self.relevance.only("no answer")

    @cached_property
    def hostile(self) -> Phrasebook:
        """Finds insults."""
        return self.relevance.only("insult")

    @cached_property
    def everyday(self) -> Phrasebook:
        """Finds what people talk about after work; each word is a rule of its own."""
        return self.relevance.each("everyday")

    @cached_property
    def work(self) -> Phrasebook:
        """Finds what people at work talk about; each word is a rule of its own."""
        return self.relevance.each("work")


@cache
def _files() -> Lexicon:
    checklists = sorted((prompts_folder() / "checklists").glob("*.yaml"))
    return Lexicon(
        fillers=FillerWords.load("fillers"),
        outcomes=OutcomeWords.load("outcomes"),
        repetitions=Phrases.load(
            "repetitions", "never twice", "grammatical twice", "editing terms", "numbers", "pronouns", "subjects",
            "articles", "determiners", "unfinished", "auxiliaries", "prepositions", "whole after", "comments",
        ),
        ownership=Phrases.load("ownership", "i", "we", "not acting"),
        language=Phrases.load("language"),
        substance=Phrases.load("substance"),
        jargon=Phrases.load("jargon", "terms", "explains", "explains next", "known"),
        complexity=Phrases.load("complexity"),
        rambling=Phrases.load("rambling", "stop words", "landing"),
        relevance=Phrases.load(
            "relevance", "function words", "no answer", "insult", "told", "planned", "everyday", "work"
        ),
        checklists=tuple(load_yaml(path, Checklist) for path in checklists),
    )  # fmt: skip
