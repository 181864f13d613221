"""Recognizes sentences that are addressed to whoever grades the answer, or to the program, and tell nothing.

They are known by their form: an order, with no one who does it, about the answer, the candidate, the score or the
rules; a note or a message with such an addressee; or "you are" and a judge or a machine.
"""

from __future__ import annotations

import re
from typing import Final

_JUDGE: Final = (
    r"(?:graders?|scorers?|raters?|markers?|judges?|evaluators?|assessors?|reviewers?|examiners?|analyzers?|assistant|"
    r"chatbot|bot|ai|llm|(?:language )?model|(?:scoring|grading) (?:machine|program|system|engine)|system|machine)"
)
_RULES: Final = r"(?:instructions?|rules?|rubrics?|prompts?|criteria|guidelines?|guardrails?|directions|checklists?)"
_GRADED: Final = (
    r"(?:answer|candidate|applicant|interviewee|response|speaker|result|outcome|score|"
    r"grade|mark|point|star|part)s?"
)
_ORDER: Final = (
    r"(?:report|print|write|output|return|record|say|state|tell|give|award|grant|rate|score|grade|mark|respond|reply|"
    r"answer|claim|declare|pretend|assume|count|treat|list|add|set|show|conclude|confirm|label|note)"
)
_FORMS: Final = re.compile(
    rf"""
    ^\W*(?:(?:and|now|then|so|please|instead|just|also|ok|okay|from\ now\ on)[,\s]+){{0,3}}
    (?:
        (?:ignore|forget|disregard|override|bypass|skip|drop)\s(?:\w+\s){{0,4}}{_RULES}\b
      | {_ORDER}\s(?:(?:the|this|your)\s\w+\s)?(?:that\s(?:the|this|all|every|it|i|he|she|they|\w+s?\s
            (?:was|were|is|are|fell|rose|
            dropped|grew|went|doubled|tripled|halved|improved|saved|cut)\b)|(?:a|the|this|all|every|full|perfect)\s
            (?:\w+\s){{0,2}}?{_GRADED}\b)
      | you\s(?:are|must|have\sto|will)\s(?:now\s)?(?:act\s(?:as|like)\s|be\s)?(?:an?|the|my)\s
            (?:\w+\s){{0,3}}{_JUDGE}\b
      | (?:system|developer|admin)\s(?:message|prompt|note|instructions?|override)\b
      | (?:an?\s)?(?:note|message|instructions?|memo|hint|attention|dear|hey|hello)\s(?:to|for)?\s?
            (?:the\s|all\s|my\s|any\s|whoever\s)?(?:\w+\s){{0,2}}{_JUDGE}\b(?=[:,.!\s-])
      | to\sthe\s(?:\w+\s)?{_JUDGE}\s?:
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_instruction(sentence: str) -> bool:
    """Return whether a sentence gives orders to whoever grades the answer; nothing is measured in it."""
    return _FORMS.search(sentence[:400]) is not None
