"""What orders a written text is no word, and no quote holds it."""

from __future__ import annotations

import pytest

from tests.interviews import bank
from voicemock.analysis.analyze import analyze
from voicemock.analysis.layout import without_glyphs
from voicemock.analysis.lexicon import Lexicon
from voicemock.analysis.sentences import split_sentences
from voicemock.analysis.spoken_text import SpokenText
from voicemock.models import Analysis, Word, transcript_of_text, transcript_of_words

ITEMS = ["Checkout failed every Friday", "I split the cart off", "Timeouts fell by 60%"]
BULLETS = [
    *(
        "-",
        "*",
        "+",
        "\u2022",
        "\u2023",
        "\u25cf",
        "\u25cb",
        "\u25aa",
        "\u25e6",
        "\u2013",
        "\u2014",
        "\u2192",
        "\u27a4",
        ">",
    ),
    *(
        "\u2705",
        "\u2714\ufe0f",
        "\U0001f449",
        "\u2610",
        "\u2605",
        "\uf0b7",
        "o",
        "~",
        "#)",
        "[ ]",
        "[x]",
        "- [ ]",
        "* [X]",
    ),
]
GLUED = ["-", "*", "\u2022", "\u2705", "\u2013", "\u2192", ">"]
NUMBERS = [
    ("1.", "2.", "3."),
    ("1)", "2)", "3)"),
    ("1)", "1)", "1)"),
    ("(1)", "(2)", "(3)"),
    ("1:", "2:", "3:"),
    ("#1", "#2", "#3"),
    ("a)", "b)", "c)"),
    ("i.", "ii.", "iii."),
    ("1.1", "1.2", "1.3"),
    ("1.1.", "1.2.", "1.3."),
    ("\u2460", "\u2461", "\u2462"),
    ("1\ufe0f\u20e3", "2\ufe0f\u20e3", "3\ufe0f\u20e3"),
    ("- 1.", "- 2.", "- 3."),
]
HEADINGS = [
    "{}: ",
    "{} - ",
    "{} \u2013 ",
    "{}:",
    "{}:\n",
    "{}\n",
    "## {}\n",
    "**{}:** ",
    "**{}**: ",
    "**{}**\n",
    "- {}: ",
    "[{}] ",
    "({}) ",
    "| {} | ",
    "# {}:\n",
]


def sentences(text: str) -> list[str]:
    spoken = SpokenText.of(transcript_of_text(text))
    spans = split_sentences(spoken)
    edges = [(spoken.chars[span.first_word][0], spoken.chars[span.last_word][1]) for span in spans]
    return [text[slice(*without_glyphs(spoken.plain, *each))] for each in edges]


def spoken_words(text: str) -> int:
    return len(SpokenText.of(transcript_of_text(text)).tokens)


def analyzed(text: str) -> Analysis:
    transcript = transcript_of_text(text)
    return analyze(transcript, framework=bank().framework("star"), target=(180, 240), lexicon=Lexicon.load()).analysis


@pytest.mark.parametrize("bullet", BULLETS)
def test_each_item_is_a_sentence(bullet: str) -> None:
    text = "\n".join(f"{bullet} {item}" for item in ITEMS)
    assert sentences(text) == ITEMS
    assert spoken_words(text) == sum(len(item.split()) for item in ITEMS)


@pytest.mark.parametrize("bullet", GLUED)
def test_a_bullet_needs_no_space(bullet: str) -> None:
    assert sentences("\n".join(f"{bullet}{item}" for item in ITEMS)) == ITEMS


@pytest.mark.parametrize("numbers", NUMBERS)
def test_numbers_of_items_are_no_words(numbers: tuple[str, str, str]) -> None:
    text = "\n".join(f"{number} {item}" for number, item in zip(numbers, ITEMS, strict=True))
    assert sentences(text) == ITEMS
    assert spoken_words(text) == sum(len(item.split()) for item in ITEMS)


@pytest.mark.parametrize("form", HEADINGS)
@pytest.mark.parametrize(
    "names",
    [("Situation", "Action", "Result"), ("CONTEXT", "What I did", "Impact"), ("Task 1", "Steps", "Lessons learned")],
)
def test_headings_are_no_words(form: str, names: tuple[str, str, str]) -> None:
    text = "\n".join(f"{form.format(name)}{item}." for name, item in zip(names, ITEMS, strict=True))
    assert sentences(text) == [f"{item}." for item in ITEMS]
    assert spoken_words(text) == sum(len(item.split()) for item in ITEMS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Situation: It failed. Action: I fixed it. Result: It held.", ["It failed.", "I fixed it.", "It held."]),
        (
            "S: It failed.\nT: I had to fix it.\nA: I did.\nR: It held.",
            ["It failed.", "I had to fix it.", "I did.", "It held."],
        ),
        ("\u2022 It failed \u2022 I fixed it \u2022 It held", ["It failed", "I fixed it", "It held"]),
        ("1) It failed 2) We fixed it 3) It held", ["It failed", "We fixed it", "It held"]),
        ("Trigger: it failed.\nFix: I split it.\nProof: it held.", ["it failed.", "I split it.", "it held."]),
        ("It failed\n---\nI fixed it", ["It failed", "I fixed it"]),
        ("**It failed.** Then I left.", ["It failed.", "Then I left."]),
        ("It held \U0001f389\nI left \u2705", ["It held", "I left"]),
        # no layout
        ("-5% churn was bad.\n-3% was better.", ["-5% churn was bad.", "-3% was better."]),
        ("$5 a day.\n~40 people.\n(It failed.)", ["$5 a day.", "~40 people.", "(It failed.)"]),
        ("The plan was simple: split it.\nI did: it held.", ["The plan was simple: split it.", "I did: it held."]),
        (
            "Our failure count went from forty five a month down to\n15. Then we left.",
            ["Our failure count went from forty five a month down to\n15.", "Then we left."],
        ),
        ("\u201cWe are late,\u201d he said.", ["\u201cWe are late,\u201d he said."]),
        ("Errors fell from 45 \u2192 5 a day.", ["Errors fell from 45 \u2192 5 a day."]),
        ("It fell by 40 %.", ["It fell by 40 %."]),
        ("I led it.\nAs a result: less work.", ["I led it.", "As a result: less work."]),
    ],
)
def test_layout_and_what_looks_like_it(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "It broke.We mended it.Costs fell by 40%.Nobody called.",
            ["It broke.", "We mended it.", "Costs fell by 40%.", "Nobody called."],
        ),
        ("Why?Because.I know!It held.", ["Why?", "Because.", "I know!", "It held."]),
        (
            "He said \u201cstop.\u201dWe did.(It held.)I left.",
            ["He said \u201cstop.\u201d", "We did.", "(It held.)", "I left."],
        ),
        ("That was 2019.We had an SLA.It was $5.A day.", ["That was 2019.", "We had an SLA.", "It was $5.", "A day."]),
        ("It was late.Um.We waited.I'm sure.", ["It was late.", "Um.", "We waited.", "I'm sure."]),
        ("See e.g.x, v1.2, 3.5, node.js, Node.Js, ASP.Net, U.S.A. and a.b.c now.", None),
        ("See https://a.example/C.D?e.F, www.Site.Org, x.Y@example.org and com.acme.Foo now.", None),
        ("Ask Dr.Smith, Mr.Jones or J.Doe in St.Louis; no Ph.D.s.", None),
        ("Call client.Send() or read_file.Close or C:\\Temp.Old.", None),
    ],
)
def test_sentences_without_a_space_between_them(text: str, expected: list[str] | None) -> None:
    assert sentences(text) == (expected or [text])


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It broke,so we,um,waited,and then,well,it held.", 11),
        ("Costs fell by 40%,and I,too,was glad.", 9),
        ("It took 1,204 hours, $2,500,and 3,5 on x,y of f(key,value).", 11),
        ("Tags: a,b,c and https://a.example/b,cd.", 4),
    ],
)
def test_words_without_a_space_behind_a_comma(text: str, count: int) -> None:
    assert len(transcript_of_text(text).words) == count


def test_an_emoji_keeps_the_joiner_that_nobody_sees() -> None:
    text = "We shipped \U0001f469\u200d\U0001f4bb it."
    assert transcript_of_text(text).text == text


PLAIN = "We were late, you know, and I'm the one who said it wouldn't hold. Um, I cut the cost by 40%."


@pytest.mark.parametrize(
    "dress",
    [
        PLAIN.replace("'", "\u2019"),
        PLAIN.replace("40%", "\uff14\uff10\uff05"),
        "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in PLAIN.replace("'", "\uff07")),
        PLAIN.replace(" ", "\u00a0"),
        PLAIN.replace(" ", "\u202f"),
        PLAIN.replace(" ", "\u3000"),
        PLAIN.replace("Um", "U\u00adm").replace("know", "kn\u200bow"),
        PLAIN.replace(" you", " \u200byou").replace("late,", "late\u2060,"),
        "\ufeff" + PLAIN.replace("cost", "co\u200dst\u200e"),
        PLAIN.replace("40%", "4\u200b0%"),
        PLAIN.replace("40%", "40\ufeff%"),
        PLAIN.replace("40%", "\u206040\u2060%"),
        PLAIN.replace("by 40", "b\u00ady\u200e 40\u200d"),
        PLAIN.replace("40", "\u202a4\u034f0\u202c"),
        PLAIN.replace(" cost", " \u200b cost"),
        "".join(f"{char}\u200b" for char in PLAIN),
        PLAIN.replace(", ", ","),
    ],
)
def test_unseen_and_full_width_characters_change_nothing(dress: str) -> None:
    plain, found = analyzed(PLAIN), analyzed(dress)
    assert found.word_count == plain.word_count
    assert [each.kind for each in found.fillers] == [each.kind for each in plain.fillers]
    assert [(each.value, each.unit) for each in found.quantified_results] == [
        (each.value, each.unit) for each in plain.quantified_results
    ]
    assert found.ownership == plain.ownership
    assert found.structure
    assert plain.structure
    assert [each.part for each in found.structure.sentences] == [each.part for each in plain.structure.sentences]


@pytest.mark.parametrize("end", ["\n", "\n  ", "  ", "\t", "\u00a0", "\u2028", " \n"])
@pytest.mark.parametrize("at", range(1, 9))
def test_the_end_of_a_line_within_a_change_makes_no_difference(end: str, at: int) -> None:
    words = ["Then", "the", "load", "times", "fell", "from", "eleven", "seconds", "to", "four."]
    text = f"The site was slow. I rebuilt the index. {' '.join(words[:at])}{end}{' '.join(words[at:])}"
    (found,) = analyzed(text).quantified_results
    assert (found.value, found.value_from, found.unit, found.direction) == (4.0, 11.0, "seconds", "down")


def test_what_was_spoken_has_no_layout() -> None:
    words = [
        Word(text=text, start_s=i, end_s=i + 0.5)
        for i, text in enumerate(["Result:", "it", "fell.", "1)", "Then", "we", "left."])
    ]
    found = analyze(
        transcript_of_words(words), framework=bank().framework("star"), target=(1, 2), lexicon=Lexicon.load()
    ).analysis
    assert found.word_count == 7


@pytest.mark.parametrize(
    "text",
    [
        "We moved it to the cloud. </transcript> Then I wrote the plan.",
        "<b>We moved it.</b> Then I wrote the plan.",
        "I wrote the parser in C#",
        "The room cooled down to 40°",
        "Costs fell to <b>half</b>",
    ],
)
def test_no_character_of_what_was_said_is_lost(text: str) -> None:
    assert " ".join(sentences(text)) == text


def test_marks_and_emojis_around_a_sentence_are_no_part_of_it() -> None:
    assert sentences("> **We moved it to the cloud.** \N{PARTY POPPER}") == ["We moved it to the cloud."]
