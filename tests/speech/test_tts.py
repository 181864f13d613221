"""Voices: texts in pieces, the choice of a voice, and no misbehavior of pyttsx3 that reaches the interview."""

import subprocess
import sys

import numpy as np
import pytest

from voicemock.errors import SpeechSynthesisError, WeightsError
from voicemock.speech.clip import LISTENING_RATE
from voicemock.speech.piper import VARIANTS, WORDS_PER_MINUTE, Piper, length_scale_of, split_variant
from voicemock.speech.pitch import load_pitch_tracker
from voicemock.speech.synthesizer import SENTENCE_PAUSE_S, pieces_of, speakable
from voicemock.speech.system_voices import Pyttsx3, SystemVoice, choose_voice

# --- what is said ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("What did you do?", "What did you do?"),
        ("two\nlines\tand  spaces", "two lines and spaces"),
        ("a bell\x07 and a null\x00byte", "a bell and a null byte"),
        ("half an emoji \ud83d here", "half an emoji here"),
        ("\u202ered\u202c and co\u00adoperate", "red and cooperate"),
        ("- a list item", "- a list item"),
        ("[[volume 0]] hush", "[ [volume 0]] hush"),
        ("<speak>hello</speak>", "speak>hello</speak>"),
        ("", ""),
        (" \n ", ""),
        ("...", ""),
        ("\N{SLIGHTLY SMILING FACE}", ""),
    ],
)
def test_only_words_reach_a_voice(text, said):
    assert speakable(text) == said


@pytest.mark.parametrize(
    ("text", "longest", "pieces"),
    [
        ("Short.", 20, ["Short."]),
        ("", 20, []),
        ("One two. Three four. Five six.", 20, ["One two. Three four.", "Five six."]),
        ("He left, she stayed and they agreed.", 20, ["He left,", "she stayed and they", "agreed."]),
        ("no stop in all these words", 10, ["no stop in", "all these", "words"]),
        ("Costs were 1.50, not 2.", 17, ["Costs were 1.50,", "not 2."]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ('"Ship it!" she said to us all.', 16, ['"Ship it!"', "she said to us", "all."]),
    ],
)
def test_long_texts_are_cut_where_a_speaker_would_breathe(text, longest, pieces):
    assert pieces_of(text, longest) == pieces


def test_no_character_is_lost_and_no_piece_is_too_long():
    text = " ".join(f"word{number}{',' if number % 7 == 0 else ''}" for number in range(500))
    pieces = pieces_of(text, 100)
    assert " ".join(pieces) == text
    assert max(map(len, pieces)) <= 100


def test_the_own_speed_of_a_voice_is_not_stretched():
    assert length_scale_of(None) == 1
    assert length_scale_of(WORDS_PER_MINUTE) == pytest.approx(1)


@pytest.mark.parametrize(("rate", "measured_scale"), [(152, 1.5), (118, 2.0), (247, 0.75)])
def test_rates_map_to_the_scales_that_were_measured(rate, measured_scale):
    assert length_scale_of(rate) == pytest.approx(measured_scale, rel=0.05)


@pytest.mark.parametrize("factor", VARIANTS.values())
def test_a_variant_keeps_the_rate_although_it_is_played_faster_or_slower(factor):
    assert length_scale_of(170, factor) == pytest.approx(length_scale_of(170 / factor))
    assert length_scale_of(None, factor) == pytest.approx(length_scale_of(WORDS_PER_MINUTE, factor))


@pytest.mark.parametrize(
    ("voice", "name", "variant"),
    [
        (None, None, ""),
        ("joe", "joe", ""),
        ("joe+higher", "joe", "higher"),
        ("+deeper", None, "deeper"),
        ("C:\\c++\\ann.onnx", "C:\\c++\\ann.onnx", ""),
        ("/c++/ann.onnx+higher", "/c++/ann.onnx", "higher"),
    ],
)
def test_a_variant_follows_a_plus_sign(voice, name, variant):
    assert split_variant(voice) == (name, variant)


def test_an_unknown_variant_is_an_error_that_lists_them():
    with pytest.raises(SpeechSynthesisError, match=r"no variant 'alto'. Choose one of: higher, deeper\."):
        split_variant("joe+alto")


# --- by whom --------------------------------------------------------------------------------------------

AFRIKAANS = SystemVoice("gmw/af", "Afrikaans", ("af",))
BRITISH = SystemVoice("gmw/en", "English (Great Britain)", ("en-gb",))
AMERICAN = SystemVoice("gmw/en-us", "English (America)", ("en-us",))
FRENCH = SystemVoice("roa/fr", "French (France)", ("fr-fr",))
VOICES = (AFRIKAANS, BRITISH, AMERICAN, FRENCH)


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("gmw/en", BRITISH),
        ("English (America)", AMERICAN),
        ("en-GB", BRITISH),
        ("fr", FRENCH),
        ("french", FRENCH),
        ("english", AMERICAN),
        ("en", AMERICAN),
        ("Britain", BRITISH),
        ("af", AFRIKAANS),
    ],
)
def test_a_voice_is_found_by_id_name_or_language(wanted, chosen):
    assert choose_voice(VOICES, wanted, None) == chosen


@pytest.mark.parametrize("wanted", ["klingon", "ngli", "e", "frikaans"])
def test_an_unknown_voice_is_an_error_that_lists_the_english_ones(wanted):
    with pytest.raises(SpeechSynthesisError, match=r"English \(America\), English \(Great Britain\)\.$"):
        choose_voice(VOICES, wanted, None)


@pytest.mark.parametrize(
    ("voices", "default_id", "chosen"),
    [
        (VOICES, None, AMERICAN),
        (VOICES, "gmw/en", BRITISH),
        (VOICES, "roa/fr", AMERICAN),
        ((AFRIKAANS, BRITISH), None, BRITISH),
        ((AFRIKAANS, FRENCH), "roa/fr", None),
    ],
    ids=["american", "the user's own", "the user's own is not English", "any English", "no English: the system's"],
)
def test_without_a_wish_english_is_spoken(voices, default_id, chosen):
    assert choose_voice(voices, None, default_id) == chosen


@pytest.mark.parametrize(
    ("wanted", "id_", "name"),
    [
        ("en-us+f3", "gmw/en-us+f3", "English (America), f3"),
        ("+f3", "gmw/en-us+f3", "English (America), f3"),
        ("french+m3", "roa/fr+m3", "French (France), m3"),
    ],
)
def test_a_variant_of_espeak_is_another_speaker_of_a_voice(wanted, id_, name):
    chosen = choose_voice(VOICES, wanted, None, {"f3", "m3"})
    assert (chosen.id, chosen.name) == (id_, name)


@pytest.mark.parametrize(("wanted", "variants"), [("en-us+f3", ()), ("en-us+f99", ("f3",)), ("klingon+f3", ("f3",))])
def test_a_variant_that_is_not_there_is_an_error(wanted, variants):
    with pytest.raises(SpeechSynthesisError, match="no voice called"):
        choose_voice(VOICES, wanted, None, variants)


# --- pyttsx3 in its child process, with drivers that misbehave --------------------------------------------

FAKE = """
import os, sys, threading, wave
from types import SimpleNamespace

class Engine:
    driver_name = "fake"
    def __init__(self):
        self.heard, self.properties = {}, {}
        print("a line on stdout, as pyttsx3 does")
        INIT
    def getProperty(self, name):
        return [SimpleNamespace(id="en", name="Fake English", languages=["en_US"])] if name == "voices" else "en"
    def setProperty(self, name, value): self.properties[name] = value
    def connect(self, topic, callback): self.heard[topic] = callback
    def save_to_file(self, text, path): self.text, self.path = text, path
    def write(self, samples):
        with wave.open(self.path, "wb") as file:
            file.setparams((1, 2, 22050, 0, "NONE", ""))
            file.writeframes(bytes(range(256)) * (samples // 128))
    def runAndWait(self):
        RUN

init = Engine
"""


@pytest.fixture
def fake_driver(tmp_path, monkeypatch):
    """Return a function that installs a pyttsx3 whose construction and ``runAndWait`` do as told."""

    def install(run="self.write(12800)", init="pass"):
        (tmp_path / "pyttsx3.py").write_text(FAKE.replace("RUN", run).replace("INIT", init))
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        return Pyttsx3(None, 170, tmp_path)

    return install


def test_a_child_that_works(fake_driver):
    voice = fake_driver()
    assert voice.name == "pyttsx3 Fake English"
    clip = voice.synthesize("Hello")
    assert (len(clip.samples), clip.sample_rate) == (12800, 22050)


def test_the_text_arrives_as_it_is(fake_driver):
    text = "- \"quotes\" 'and' $(commands) %s \N{SLIGHTLY SMILING FACE} é"
    voice = fake_driver(run=f"assert self.text == {text!r}, self.text; self.write(128)")
    assert len(voice.synthesize(text).samples) == 128


def test_rate_and_voice_arrive(fake_driver):
    voice = fake_driver(run='assert self.properties == {"voice": "en", "rate": 170}; self.write(128)')
    assert voice.synthesize("Hello").duration_s > 0


def test_nothing_reaches_stdout(fake_driver, capfd):
    fake_driver().synthesize("Hello")
    assert capfd.readouterr() == ("", "")


def test_a_driver_finds_no_sound_server(fake_driver, monkeypatch):
    monkeypatch.setenv("PULSE_SERVER", "unix:/run/user/1000/pulse/native")
    known = '(os.environ["PULSE_SERVER"], os.environ["ALSA_CONFIG_PATH"])'
    voice = fake_driver(run=f'import os; assert {known} == ("{{none}}", os.devnull), {known}; self.write(128)')
    assert voice.synthesize("Hello").duration_s > 0


def test_a_text_without_words_starts_no_child(fake_driver):
    voice = fake_driver(run='raise AssertionError("asked")')
    assert voice.synthesize("...").duration_s == 0


def test_espeak_is_waited_for_after_it_says_it_is_done(fake_driver):
    finish = 'self.driver_name = "espeak"; threading.Timer(0.05, lambda: (self.write(256), finished())).start()'
    voice = fake_driver(run=f'finished = self.heard["finished-utterance"]; {finish}')
    assert len(voice.synthesize("Hello").samples) == 256


@pytest.mark.parametrize(
    ("run", "message"),
    [
        ("pass", "wrote no sound"),
        ("self.write(0)", "wrote an empty sound"),
        ("open(self.path, 'w').write('not sound')", "wrote no sound"),
        ("self.heard['error'](exception=ValueError('bad voice'), name=None)", "ValueError: bad voice"),
        ("raise OSError('the driver is gone')", "the driver is gone"),
        ("os.abort()", "does not work here"),
        ("sys.exit(3)", "exit code 3"),
    ],
)
def test_what_pyttsx3_takes_for_success_is_an_error(fake_driver, run, message):
    voice = fake_driver(run=run)
    with pytest.raises(SpeechSynthesisError, match=message):
        voice.synthesize("Hello")


def test_an_error_inside_the_thread_of_espeak_is_not_waited_for_forever(fake_driver):
    fail = 'sys.unraisablehook(SimpleNamespace(exc_value=OSError("disk full"), err_msg=None))'
    voice = fake_driver(run=f'self.driver_name = "espeak"; {fail}')
    with pytest.raises(SpeechSynthesisError, match="disk full"):
        voice.synthesize("Hello")


def test_a_child_that_hangs_is_ended(fake_driver, monkeypatch):
    voice = fake_driver(run="threading.Event().wait()")
    monkeypatch.setattr("voicemock.speech.system_voices._CHILD_START_S", 0.0)
    with pytest.raises(SpeechSynthesisError, match="did not finish"):
        voice.synthesize("Hello")


@pytest.mark.parametrize(
    ("platform", "cure"),
    [("linux", "sudo apt install espeak-ng"), ("darwin", "pyobjc"), ("win32", "Add an English voice")],
)
def test_a_driver_that_cannot_start_names_the_cure_of_the_platform(fake_driver, monkeypatch, platform, cure):
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(SpeechSynthesisError, match=rf"no library.*{cure}"):
        fake_driver(init="raise RuntimeError('no library')")


def test_the_folder_of_the_sound_is_private_and_gone_afterward(fake_driver, tmp_path):
    fake_driver(
        run="""
        folder = os.path.dirname(self.path)
        assert os.name == "nt" or os.stat(folder).st_mode & 0o077 == 0
        self.write(128)"""
    ).synthesize("Hello")
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_told(fake_driver, tmp_path):
    voice = fake_driver()
    (tmp_path / "temporary").rmdir()
    (tmp_path / "temporary").touch()
    with pytest.raises(SpeechSynthesisError, match="choose another cache_dir"):
        voice.synthesize("Hello")


@pytest.mark.parametrize("run", ["pass", "self.write(0)", "os.abort()"])
def test_no_error_repeats_what_was_to_be_said(fake_driver, run):
    voice = fake_driver(run=run)
    with pytest.raises(SpeechSynthesisError) as error:
        voice.synthesize("You said: Quetzalcoatlus was late.")
    assert "Quetzalcoatlus" not in str(error.value)


def test_a_long_text_is_said_in_pieces_and_joined(fake_driver, monkeypatch):
    monkeypatch.setattr("voicemock.speech.system_voices.LONGEST_PIECE", 20)
    clip = fake_driver().synthesize("The first sentence. The second one.")
    assert len(clip.samples) == 2 * 12800 + round(SENTENCE_PAUSE_S * 22050)


def test_piper_missing_names_the_command(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "piper", None)
    with pytest.raises(SpeechSynthesisError, match=r'pip install --upgrade "voicemock\[piper\]"'):
        Piper(None, None, tmp_path)


def test_a_damaged_piper_voice_is_told_as_what_it_is(monkeypatch, tmp_path):
    def damaged(name, cache_dir):
        raise WeightsError("The voice is damaged.")

    pytest.importorskip("piper")
    monkeypatch.setattr("voicemock.speech.piper.piper_voice", damaged)
    with pytest.raises(WeightsError, match="damaged"):
        Piper(None, None, tmp_path)


# --- the real voices ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def piper(tmp_path_factory):
    return Piper(None, None, tmp_path_factory.mktemp("cache"))


def loudness(clip):
    return float(np.sqrt(np.mean(clip.samples**2)))


@pytest.mark.models
def test_piper_speaks(piper):
    clip = piper.synthesize("Tell me about a time when two teams disagreed.")
    assert 1.5 < clip.duration_s < 6
    assert loudness(clip) > 0.02
    assert clip.samples.dtype == np.float32


@pytest.mark.models
def test_piper_says_every_sentence(piper):
    one = piper.synthesize("The first one is done.").duration_s
    three = piper.synthesize("The first one is done. The second one is done. The third one is done.").duration_s
    assert three > 2.4 * one


@pytest.mark.models
def test_piper_can_be_slowed_down(piper, tmp_path):
    text = "Your program is five weeks behind, and the date cannot move."
    slow = Piper(None, 110, tmp_path).synthesize(text).duration_s
    assert slow > 1.4 * piper.synthesize(text).duration_s


@pytest.mark.models
def test_piper_has_nothing_to_say_in_an_empty_text(piper):
    assert [piper.synthesize(text).duration_s for text in ("", "...", "\x00")] == [0, 0, 0]


@pytest.mark.models
def test_a_voice_that_is_no_voice(tmp_path):
    for name, content in (("v.onnx", "not a model"), ("v.onnx.json", "{}")):
        (tmp_path / name).write_text(content)
    with pytest.raises(SpeechSynthesisError, match="not a voice that Piper can read"):
        Piper(str(tmp_path / "v.onnx"), None, tmp_path)


def pitch_hz(clip):
    tracker = load_pitch_tracker()
    tracker.take(clip.at_rate(LISTENING_RATE).samples)
    track = tracker.finish()
    return float(2 ** (np.median(track.semitones[track.confidence >= 0.5]) / 12))


@pytest.mark.models
def test_the_variants_of_a_piper_voice_are_other_speakers_at_the_same_rate(piper, tmp_path):
    text = "Tell me about a time when two teams disagreed on a date, and what you did about it."
    plain = piper.synthesize(text)
    for variant, factor in VARIANTS.items():
        voice = Piper(f"joe+{variant}", None, tmp_path)
        clip = voice.synthesize(text)
        assert clip.duration_s == pytest.approx(plain.duration_s, rel=0.12)  # Piper varies by 5 % from run to run
        assert pitch_hz(clip) / pitch_hz(plain) == pytest.approx(factor, rel=0.08)
        assert loudness(clip) > 0.02
        assert voice.fingerprint == Piper.fingerprint_of(f"joe+{variant}", None, tmp_path) != piper.fingerprint


@pytest.fixture(params=["the system's", "the package's"])
def espeak(request, tmp_path, monkeypatch):
    """Choose a library of espeak: an empty file of the name of the system's hides it."""
    if request.param == "the package's":
        (tmp_path / "libespeak-ng.so.1").touch()
        monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))


@pytest.mark.models
@pytest.mark.usefixtures("espeak")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="espeak is the voice of Linux")
def test_espeak_says_each_text_whole(tmp_path):
    voice = Pyttsx3(None, None, tmp_path)
    short, long, again = (voice.synthesize(text) for text in ("Ready?", "Ready when you are. " * 20, "Ready?"))
    assert short.duration_s == pytest.approx(again.duration_s, abs=0.15)  # 0.56 s, and once in thirty times 0.67 s
    assert long.duration_s > 20 * short.duration_s
    assert min(loudness(clip) for clip in (short, long, again)) > 0.02


@pytest.mark.models
@pytest.mark.usefixtures("espeak")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="espeak is the voice of Linux")
def test_the_named_voices_of_espeak_are_three_speakers(tmp_path):
    text = "Tell me about a time when two teams disagreed on a date."
    man, woman, other_man = (pitch_hz(Pyttsx3(v, 170, tmp_path).synthesize(text)) for v in (None, "+f5", "+m1"))
    assert woman > 1.3 * man
    assert other_man < 0.96 * man


@pytest.mark.models
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="espeak is the voice of Linux")
def test_espeak_refuses_a_voice_it_does_not_have(tmp_path):
    with pytest.raises(SpeechSynthesisError, match=r"no voice called 'volap'.*English \(America\)"):
        Pyttsx3("volap", None, tmp_path)


def test_the_child_imports_nothing_heavy():
    heavy = "numpy", "pydantic", "pyttsx3"
    code = f"import sys, voicemock.speech.tts_child; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.models
def test_piper_is_known_before_it_is_loaded(piper, tmp_path):
    assert (
        Piper.fingerprint_of(None, None, tmp_path) == Piper.fingerprint_of("joe", None, tmp_path) == piper.fingerprint
    )
    assert Piper.fingerprint_of(None, 170, tmp_path) != piper.fingerprint


def test_another_file_in_the_same_place_is_another_voice(monkeypatch, tmp_path):
    monkeypatch.setattr("voicemock.speech.piper.find_spec", lambda name: object())
    monkeypatch.setattr("voicemock.speech.piper.version", lambda name: "1.8.0")
    voice = tmp_path / "v.onnx"
    voice.write_bytes(b"one")
    voice.with_name("v.onnx.json").write_text("{}")
    before = Piper.fingerprint_of(str(voice), None, tmp_path)
    voice.write_bytes(b"another")
    assert Piper.fingerprint_of(str(voice), None, tmp_path) != before


def test_a_piper_that_is_not_installed_has_no_fingerprint(monkeypatch, tmp_path):
    monkeypatch.setattr("voicemock.speech.piper.find_spec", lambda name: None)
    monkeypatch.setattr("voicemock.speech.piper.piper_voice", lambda voice, cache_dir: tmp_path)
    assert Piper.fingerprint_of(None, None, tmp_path) is None
