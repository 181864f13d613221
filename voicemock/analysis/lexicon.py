"""The words that the analysis knows, read from ``prompts/lexicons``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, cached_property

from voicemock.analysis.lexicon_files import (
    Checklist,
    FillerWords,
    JargonWords,
    OutcomeWords,
    OwnershipWords,
    RamblingWords,
    RelevanceWords,
    RepetitionWords,
    expand,
)
from voicemock.analysis.phrasebook import Phrasebook, PhraseFile, PhraseRule
from voicemock.analysis.statements import Statement
from voicemock.content import load_yaml, prompts_folder
from voicemock.models import Model


class Lexicon(Model):
    """Everything lexical that ``analyze`` needs."""

    fillers: FillerWords
    repetitions: RepetitionWords
    outcomes: OutcomeWords
    ownership: OwnershipWords
    language_rules: PhraseFile
    substance_rules: PhraseFile
    jargon: JargonWords
    complexity_rules: PhraseFile
    rambling: RamblingWords
    relevance: RelevanceWords
    checklists: tuple[Checklist, ...]
    extra_fillers: tuple[str, ...] = ()
    """Words and phrases that always count as discourse markers, lower case."""

    @classmethod
    def load(cls, extra_fillers: tuple[str, ...] = ()) -> Lexicon:
        """Read the lexicons; the files are read once a process.

        Raises:
            ContentError: A file is missing or breaks its schema.
        """
        if not extra_fillers:
            return _files()
        extra = tuple(" ".join(phrase.lower().split()) for phrase in extra_fillers)
        return _files().model_copy(update={"extra_fillers": tuple(phrase for phrase in extra if phrase)})

    @cached_property
    def not_acting(self) -> Phrasebook:
        """Finds the phrases in which "I" and "we" do nothing."""
        return _book("not acting", self.ownership.not_counted)

    @cached_property
    def language(self) -> Phrasebook:
        """Finds hedges, weak verbs and passives."""
        return Phrasebook.of(self.language_rules)

    @cached_property
    def substance(self) -> Phrasebook:
        """Finds coordination, technical contributions, decisions, trade-offs and risks."""
        return Phrasebook.of(self.substance_rules)

    @cached_property
    def complexity(self) -> Phrasebook:
        """Finds what is hard to build, and what shows that something simple stands."""
        return Phrasebook.of(self.complexity_rules)

    @cached_property
    def terms(self) -> Phrasebook:
        """Finds technical terms; each is a rule of its own."""
        return Phrasebook([PhraseRule(name=_name(term), phrases=(term,)) for term in self.jargon.terms], {})

    @cached_property
    def explains(self) -> Phrasebook:
        """Finds what explains a term of the same sentence."""
        return _book("explains", self.jargon.explains)

    @cached_property
    def explains_next(self) -> Phrasebook:
        """Finds what explains a term of the sentence before."""
        return _book("explains", self.jargon.explains_next)

    def is_explained(self, statements: Sequence[Statement], index: int) -> bool:
        """Return whether a sentence, or the one behind it, says what something is or does."""
        if self.explains.find(statements[index]):
            return True
        return index + 1 < len(statements) and bool(self.explains_next.find(statements[index + 1]))

    @cached_property
    def known_abbreviations(self) -> frozenset[str]:
        """Abbreviations that are no jargon, in capitals."""
        return frozenset(self.jargon.known)

    @cached_property
    def stop_words(self) -> frozenset[str]:
        """Words without content of their own."""
        return frozenset(self.rambling.stop_words)

    @cached_property
    def landing(self) -> Phrasebook:
        """Finds how an answer lands."""
        return _book("landing", self.rambling.landing)

    @cached_property
    def checklist_books(self) -> dict[str, Phrasebook]:
        """Finds what covers the items of each checklist, by its name."""
        return {
            checklist.name: Phrasebook(
                [
                    PhraseRule(name=i.name, phrases=i.phrases, unless=i.unless, confidence=i.confidence)
                    for i in checklist.items
                ],
                checklist.sets,
            )
            for checklist in self.checklists
        }

    @cached_property
    def function_words(self) -> frozenset[str]:
        """Words that make up about half of any English talk."""
        return frozenset(self.relevance.function_words)

    @cached_property
    def no_answer(self) -> Phrasebook:
        """Finds that the candidate has nothing to tell."""
        return _book("no answer", self.relevance.no_answer)

    @cached_property
    def hostile(self) -> Phrasebook:
        """Finds insults."""
        return _book("insult", self.relevance.hostile)

    @cached_property
    def everyday(self) -> Phrasebook:
        """Finds what people talk about after work; each word is a rule of its own."""
        return Phrasebook([PhraseRule(name=_name(word), phrases=(word,)) for word in self.relevance.everyday], {})

    @cached_property
    def work(self) -> Phrasebook:
        """Finds what people at work talk about; each word is a rule of its own."""
        return Phrasebook([PhraseRule(name=_name(word), phrases=(word,)) for word in self.relevance.work], {})

    @cached_property
    def filled_pause(self) -> re.Pattern[str]:
        """Matches a whole word that is a filled pause."""
        return _any_of(self.fillers.filled_pauses, {})

    @cached_property
    def back_channel(self) -> re.Pattern[str]:
        """Matches a whole word, or two words with one space, that are a back-channel."""
        return _any_of(self.fillers.back_channels, {})

    @cached_property
    def small_talk(self) -> re.Pattern[str]:
        """Matches a whole sentence, lower case without punctuation, that is a greeting or thinking aloud."""
        return _any_of(self.fillers.small_talk, {})


def _any_of(patterns: tuple[str, ...], sets: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{expand(pattern, sets)})" for pattern in patterns))


def _book(name: str, phrases: tuple[str, ...]) -> Phrasebook:
    return Phrasebook([PhraseRule(name=name, phrases=phrases)], {})


def _name(phrase: str) -> str:
    """Return a phrase as the name of a rule: "dead letter queue*" is "dead letter queue"."""
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", phrase.replace("|", " or ")).split())


@cache
def _files() -> Lexicon:
    folder = prompts_folder() / "lexicons"
    checklists = sorted((prompts_folder() / "checklists").glob("*.yaml"))
    return Lexicon(
        fillers=load_yaml(folder / "fillers.yaml", FillerWords),
        repetitions=load_yaml(folder / "repetitions.yaml", RepetitionWords),
        outcomes=load_yaml(folder / "outcomes.yaml", OutcomeWords),
        ownership=load_yaml(folder / "ownership.yaml", OwnershipWords),
        language_rules=load_yaml(folder / "language.yaml", PhraseFile),
        substance_rules=load_yaml(folder / "substance.yaml", PhraseFile),
        jargon=load_yaml(folder / "jargon.yaml", JargonWords),
        complexity_rules=load_yaml(folder / "complexity.yaml", PhraseFile),
        rambling=load_yaml(folder / "rambling.yaml", RamblingWords),
        relevance=load_yaml(folder / "relevance.yaml", RelevanceWords),
        checklists=tuple(load_yaml(path, Checklist) for path in checklists),
    )
