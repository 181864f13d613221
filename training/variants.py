"""Variants of a labeled story: parts dropped, told in another order, or spoken without any punctuation."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence

from training.stories import NONE, Story
from voicemock.analysis.fillers import find_fillers
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.sentences import SentenceSpan, split_sentences
from voicemock.analysis.spoken_text import SpokenText
from voicemock.analysis.structure import spoken_words
from voicemock.models import transcript_of_text

Labeled = list[tuple[str, str]]
"""Letter of the part and text, a pair a sentence."""

JOINTS = ("and", "so", "then", "and then", "but", "", "", "", "")
FILLERS = ("um", "uh", "so", "you know", "like", "and um")

DROP_ONE, DROP_TWO = 0.41, 0.14
LAST_FIRST, MOVE_ONE, SHUFFLE_PARTS = 0.12, 0.10, 0.05
THIN_OUT, THINNED = 0.3, 0.3
BARE = 0.3


def variants(story: Story, count: int, seed: int, lexicon: Lexicon) -> list[Labeled]:
    """Return a story as it is, without punctuation, with its last part first now and then, and ``count`` at random.

    The texts are the words that the analysis sees (``spoken_words``). The same seed gives the same variants.
    """
    draw = random.Random(f"{story.style} {story.title} {seed}")  # noqa: S311
    whole = list(story.sentences)
    turned = _last_first(whole)
    made = [as_heard(whole, lexicon), without_punctuation(whole, draw, lexicon)]
    if draw.random() < 0.5:
        made.append(as_heard(turned, lexicon))
    if draw.random() < 0.3:
        made.append(without_punctuation(turned, draw, lexicon))
    if len(_letters(whole)) > 1:
        made.append(without_punctuation(_without(whole, {draw.choice(_letters(whole))}), draw, lexicon))
    for _ in range(count):
        changed = _changed(whole, draw)
        bare = draw.random() < BARE
        made.append(without_punctuation(changed, draw, lexicon) if bare else as_heard(changed, lexicon))
    return [labeled for labeled in made if labeled]


def as_heard(sentences: Sequence[tuple[str, str]], lexicon: Lexicon) -> Labeled:
    """Return the sentences as the analysis sees them when it splits them rightly."""
    return [(letter, heard) for letter, text in sentences if (heard := _heard(text, lexicon))]


def without_punctuation(sentences: Sequence[tuple[str, str]], draw: random.Random, lexicon: Lexicon) -> Labeled:
    """Return the story as running speech, split by the analysis; a stretch has the part of most of its words."""
    pieces = running_words(sentences, draw)
    words = [word for _, piece in pieces for word in piece]
    letters = [letter for letter, piece in pieces for _ in piece]
    heard = SpokenText.of(transcript_of_text(" ".join(words)))
    spans = split_sentences(heard)
    texts = spoken_words(heard, spans, find_fillers(heard, spans, lexicon))
    return [
        (Counter(letters[span.first_word : span.last_word + 1]).most_common(1)[0][0], text)
        for span, text in zip(spans, texts, strict=True)
        if text
    ]


def running_words(sentences: Sequence[tuple[str, str]], draw: random.Random) -> list[tuple[str, list[str]]]:
    """Return each sentence's letter and bare words, now and then with a joint or a filler before it."""
    pieces = []
    for letter, text in sentences:
        joint = draw.choice(JOINTS).split() if draw.random() < 0.5 else []
        filler = draw.choice(FILLERS).split() if draw.random() < 0.3 else []
        pieces.append((letter, [*joint, *filler, *re.sub(r"[^\w\s'%$-]", "", text).lower().split()]))
    return pieces


def _heard(text: str, lexicon: Lexicon) -> str:
    spoken = SpokenText.of(transcript_of_text(text))
    whole = (SentenceSpan(0, len(spoken.words) - 1),)
    return spoken_words(spoken, whole, find_fillers(spoken, whole, lexicon))[0] if spoken.tokens else ""


def _changed(sentences: Labeled, draw: random.Random) -> Labeled:
    changed = _with_parts_dropped(sentences, draw)
    chance = draw.random()
    if chance < LAST_FIRST:
        changed = _last_first(changed)
    elif chance < LAST_FIRST + MOVE_ONE:
        moved = changed.pop(draw.randrange(len(changed)))
        changed.insert(draw.randrange(len(changed) + 1), moved)
    elif chance < LAST_FIRST + MOVE_ONE + SHUFFLE_PARTS:
        order = sorted({letter for letter, _ in changed})
        draw.shuffle(order)
        changed = [pair for letter in order for pair in changed if pair[0] == letter]
    if draw.random() < THIN_OUT:
        changed = [pair for pair in changed if draw.random() > THINNED] or changed
    return changed


def _with_parts_dropped(sentences: Labeled, draw: random.Random) -> Labeled:
    letters, chance = _letters(sentences), draw.random()
    count = 1 if chance < DROP_ONE else 2 if chance < DROP_ONE + DROP_TWO else 0
    dropped = set(draw.sample(letters, max(0, min(count, len(letters) - 1))))
    return _without(sentences, dropped)


def _without(sentences: Labeled, dropped: set[str]) -> Labeled:
    return [pair for pair in sentences if pair[0] not in dropped]


def _last_first(sentences: Labeled) -> Labeled:
    last = next((letter for letter, _ in reversed(sentences) if letter != NONE), NONE)
    return [pair for pair in sentences if pair[0] == last] + [pair for pair in sentences if pair[0] != last]


def _letters(sentences: Labeled) -> list[str]:
    return sorted({letter for letter, _ in sentences} - {NONE})
