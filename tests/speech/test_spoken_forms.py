"""Spoken forms: words that espeak reads wrongly are respelled, others are left alone."""

# ruff: noqa: RUF001 - phonemes are written in IPA

from __future__ import annotations

from collections.abc import Callable

import pytest

from voicemock.speech.spoken_forms import respelled


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("The cutover loses a day.", "The cut-over loses a day."),
        ("Two cutovers later", "Two cut-overs later"),
        ("Keep the idempotency keys.", "Keep the idem-potency keys."),
        ("You go live in four days, and they went live.", "You go lyve in four days, and they went lyve."),
        ("What does live traffic show? We live with it.", "What does live traffic show? We live with it."),
        ("Your resume is in front of me.", "Your résumé is in front of me."),
        ("How soon did you resume the rollout?", "How soon did you resume the rollout?"),
        ("Estimate it. What was the estimate?", "Estimait it. What was the estimate?"),
        ("Fine. Use one slow request, and no other use.", "Fine. Yooze one slow request, and no other use."),
        ("Our CI/CD ran an A/B test.", "Our C.I.C.D ran an A-B test."),
        ("QA met its SLOs, and ROI grew.", "Q.A met its S.L.O's, and R.O.I grew."),
        ("SaaS vs. on-premises, 24/7", "sass versus on-premises, twenty-four seven"),
        ("Explain DNS, TLS, OAuth and the CAP theorem.", "Explain DNS, TLS, OAuth and the CAP theorem."),
        ("The CAPTCHA of AWSOME Qatar", "The CAPTCHA of AWSOME Qatar"),
        ("", ""),
    ],
)
def test_what_espeak_reads_wrongly_is_respelled(text: str, spoken: str) -> None:
    assert respelled(text) == spoken


def test_a_respelled_text_stays_as_it_is() -> None:
    once = respelled("Use the cutover to go live with CI/CD, QA and SLOs. Estimate your resume.")
    assert respelled(once) == once


@pytest.fixture(scope="module")
def phonemes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Return a function that returns what Piper reads in a text."""
    from piper import PiperVoice

    from voicemock.weights import piper_voice

    voice = PiperVoice.load(piper_voice(None, tmp_path_factory.mktemp("cache")))
    return lambda text: "".join(phoneme for sentence in voice.phonemize(text) for phoneme in sentence)


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("the cutover", "kˈʌt"),
        ("an idempotent request", "pˈoʊtənt"),
        ("you go live in four days", "lˈaɪv"),
        ("your resume", "ɹˈɛzuːm"),
        ("Estimate it.", "mˌeɪt"),
        ("Use it.", "jˈuːz"),
        ("QA", "kjˌuːˈeɪ"),
        ("the ROI", "ˈaɪ"),
        ("the A/B test", "ˈeɪ"),
        ("kubernetes", "kˈuː"),
    ],
)
def test_piper_reads_the_respelled_word_right(text: str, sounds: str, phonemes: Callable[[str], str]) -> None:
    assert sounds not in phonemes(text)
    assert sounds in phonemes(respelled(text))
