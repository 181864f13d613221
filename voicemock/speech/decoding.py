"""Decodes audio files with libav: the track and channels with the voice, and all that can be decoded of a broken file.

What cannot be decoded is left out and told: the times of the rest go on as if it were not there. libav may open nothing
but the file it is given.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import chain, groupby, product
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from voicemock.errors import AudioFileError, VoicemockError
from voicemock.files import refuse_special
from voicemock.models import AudioSource, LostSound
from voicemock.speech.channels import Channels, ChannelSurvey, Mix, choose_track, even_mix
from voicemock.speech.clip import LISTENING_RATE, AudioClip, Samples
from voicemock.speech.joined_files import Piece, PieceFile, pieces_of
from voicemock.speech.losses import Losses
from voicemock.speech.vad import VoiceActivityDetector, WebRtc, WebRtcConfirmedBySilero

if TYPE_CHECKING:
    from av import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

RATES: Final = range(1_000, 1_000_001)
"""Hz. A rate outside is no recording: telephones have more, studios less. libav crashes at 1 Hz."""

MOST_SAMPLES_A_SECOND: Final = 192_000
"""Of all channels, as decoded: stereo at 96 kHz. Refuses early what takes long to decode."""

LEAST_GOOD: Final = 0.1
"""Share of the packets that must be sound. Of random bytes libav decodes a packet now and then."""

_MOST_FAILURES: Final = 100
"""Of reading on at a place where the container itself is broken."""

_OTHER_FILES: Final = frozenset({
    "concat", "dash", "hls", "image2", "imf", "lavfi", "mlv", "rtp", "rtsp", "sap", "sdp", "vobsub",
    "webm_dash_manifest",
})  # fmt: skip
"""Formats of libav that make it read further files or network addresses."""

_LENGTH_IS_TRUE: Final = frozenset({"aiff", "flac", "matroska", "mov", "ogg"})
"""Formats whose header says how long the sound is, or was. In others libav guesses by the bit rate."""

_XING: Final = re.compile(rb"\xff[\xe2-\xff].{2,40}?(?:Xing|Info)(.{4})(.{4})", re.DOTALL)
"""The first frame of an MP3 file that says how many follow."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The sound of a file.

    Attributes:
        clip: Mono.
        source: What of the file is in it.
    """

    clip: AudioClip
    source: AudioSource


@dataclass(frozen=True, slots=True)
class _Limits:
    """How much sound a file may hold."""

    path: Path
    longest_s: float


def decode(path: Path, sample_rate: int = LISTENING_RATE, longest_s: float = math.inf) -> Decoded:
    """Decode what can be decoded of a file, mixed to mono at ``sample_rate``.

    Args:
        path: The file; no other file is read, whatever it names.
        sample_rate: Hz.
        longest_s: Raises after this many seconds of sound, whatever length the file claims.

    Raises:
        AudioFileError: The file is missing, holds no audio, cannot be decoded at all or is too long.
    """
    av = _libav()
    try:
        refuse_special(path)
        limits, pieces = _Limits(path, longest_s), pieces_of(path) or (None,)
        plan = _plan(limits, pieces)
        losses = Losses()
        samples = _joined(_mono_blocks(_all_frames(limits, pieces, plan, losses), plan, sample_rate))
    except av.FFmpegError as error:
        raise AudioFileError(_refusal(path, error.strerror or error)) from error
    except OSError as error:
        raise AudioFileError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeEncodeError as error:
        raise AudioFileError(f"{path} cannot be read: libav accepts only names in UTF-8. Rename it.") from error
    if losses.good < LEAST_GOOD * (losses.good + losses.broken) or (losses.found and not len(samples)):
        raise AudioFileError(f"{path} cannot be read as audio: it is damaged, and hardly any of it can be decoded.")
    return Decoded(AudioClip(samples, sample_rate), plan.source(tuple(losses.found)))


def _refusal(path: Path, reason: object) -> str:
    """Return why libav opened nothing."""
    with path.open("rb") as file:
        begin = file.read(8)
    if not begin:
        return f"{path} is empty: nothing was written to it."
    if begin[4:] == b"ftyp":
        return f"{path} cannot be read as audio: its index is missing. The recording was not finished, or was cut."
    return f"{path} cannot be read as audio: {reason}."


def _libav() -> ModuleType:
    """Import libav, which takes 50 ms: most commands do without it."""
    import av

    return av


@cache
def _this_file_alone() -> dict[str, str]:
    """Return libav's options that keep it from opening any other file."""
    formats = {name for names in _libav().formats_available for name in names.split(",")}
    return {"protocol_whitelist": "file", "format_whitelist": ",".join(sorted(formats - _OTHER_FILES))}


@contextmanager
def _opened(path: Path, piece: Piece | None) -> Iterator[InputContainer]:
    """Open a file, or a piece of it."""
    options = {"metadata_errors": "ignore", "options": _this_file_alone()}
    if piece is None:
        # "file:" keeps libav from taking "take:1.wav" for a network protocol.
        with _libav().open(f"file:{path}", **options) as container:
            yield container
        return
    with closing(PieceFile(path, piece)) as file, _libav().open(file, **options) as container:
        yield container


def _tracks(container: InputContainer) -> list[AudioStream]:
    """Return the tracks with sound.

    libav trusts a suffix: a text named .flac opens as FLAC, but has no sample rate, and one whose codec it does not
    know has no attribute "rate" at all.
    """
    return [stream for stream in container.streams.audio if getattr(stream, "rate", 0)]


# --- what is heard -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Plan:
    """What of a file is heard: one track, and of it a mix for each number of channels that occurs."""

    track: int
    tracks: int
    channels: int
    mixes: Mapping[int, Mix]

    def mix(self, channels: int) -> Mix:
        return self.mixes.get(channels) or even_mix(channels)

    def source(self, lost: tuple[LostSound, ...]) -> AudioSource:
        mix = self.mix(self.channels)
        return AudioSource(
            track=self.track + 1,
            tracks=self.tracks,
            channels=self.channels,
            heard_channels=mix.heard,
            is_inverted=mix.is_inverted,
            lost=lost,
        )


def _plan(limits: _Limits, pieces: tuple[Piece | None, ...]) -> _Plan:
    """Choose track and channels. Only what has several of them is listened to for that."""
    with _opened(limits.path, pieces[0]) as container:
        tracks = _tracks(container)
        if not tracks:
            raise AudioFileError(f"{limits.path} contains no audio.")
        counts = [stream.codec_context.layout.nb_channels for stream in tracks]
    if counts == [1]:
        return _Plan(0, 1, 1, {})
    surveys: list[dict[int, ChannelSurvey]] = [{} for _ in counts]
    for number, piece in product(range(len(counts)), pieces):
        with _opened(limits.path, piece) as container:
            for stream in _tracks(container)[number : number + 1]:
                _survey(container, stream, limits, surveys[number])
    mixes = [{count: each.mix() for count, each in survey.items()} for survey in surveys]
    track = choose_track([max(each.values(), key=_voice, default=even_mix(1)) for each in mixes])
    heard = mixes[track]
    channels = max(heard, key=lambda count: _voice(heard[count]), default=counts[track])
    return _Plan(track, len(counts), channels, heard)


def _voice(mix: Mix) -> tuple[float, float]:
    return mix.speech_s, mix.level


def _survey(container: InputContainer, stream: AudioStream, limits: _Limits, surveys: dict[int, ChannelSurvey]) -> None:
    frames = _sane_frames(_decoded_frames(container, stream, Losses()), limits)
    for block in _channel_blocks(frames, LISTENING_RATE):
        channels = block.shape[1]
        if channels not in surveys:
            surveys[channels] = ChannelSurvey(channels, _new_detector)
        surveys[channels].take(block)


def _new_detector() -> VoiceActivityDetector:
    """Return a detector that tells a voice from music, or the one that needs no weights."""
    try:
        return WebRtcConfirmedBySilero()
    except VoicemockError:
        return WebRtc()


# --- frames --------------------------------------------------------------------------------------------


def _all_frames(limits: _Limits, pieces: tuple[Piece | None, ...], plan: _Plan, losses: Losses) -> Iterator[AudioFrame]:
    """Yield the frames of the chosen track of every piece, within the limits."""

    def frames() -> Iterator[AudioFrame]:
        claimed_s: float | None = 0.0
        for piece in pieces:
            with _opened(limits.path, piece) as container:
                tracks = _tracks(container)
                if plan.track < len(tracks):
                    own_s = _claimed_s(limits.path, piece, container, tracks[plan.track])
                    claimed_s = None if own_s is None or claimed_s is None else claimed_s + own_s
                    yield from _decoded_frames(container, tracks[plan.track], losses)
        losses.finish(claimed_s)

    return _sane_frames(frames(), limits)


def _decoded_frames(container: InputContainer, stream: AudioStream, losses: Losses) -> Iterator[AudioFrame]:
    """Yield the frames of a track over all that is broken in it."""
    for packet in _packets(container, stream):
        try:
            frames = packet.decode()
        except _libav().FFmpegError:
            losses.take_broken(float((packet.duration or 0) * (packet.time_base or 0)))
            continue
        for frame in frames:
            yield frame
            losses.take(frame.time, frame.samples / frame.sample_rate)


def _packets(container: InputContainer, stream: AudioStream) -> Iterator[Any]:
    """Yield the packets of a track, reading on behind a place where the container is broken."""
    failures = 0
    while True:
        try:
            yield from container.demux(stream)
        except _libav().FFmpegError:
            failures += 1
            if failures < _MOST_FAILURES:
                continue
        return


def _claimed_s(path: Path, piece: Piece | None, container: InputContainer, stream: AudioStream) -> float | None:
    """Return how long a file says that its sound is, in seconds; None if it does not say, or guesses."""
    kind = container.format.name.split(",")[0]
    if kind == "wav":
        return piece.claimed_s if piece else None
    if kind == "mp3":
        return _claimed_by_mp3_s(path, stream.rate)
    if kind not in _LENGTH_IS_TRUE or (kind == "matroska" and len(container.streams) > 1):
        return None
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None:
        return container.duration / 1e6
    return None


def _claimed_by_mp3_s(path: Path, rate: int) -> float | None:
    with path.open("rb") as file:
        found = _XING.search(file.read(2**16))
    if found is None or not found[1][3] & 1:
        return None
    samples = 1152 if rate >= 32_000 else 576
    return int.from_bytes(found[2], "big") * samples / rate


def _sane_frames(frames: Iterator[AudioFrame], limits: _Limits) -> Iterator[AudioFrame]:
    """Yield frames for as long as they can be a recording of speech."""
    duration_s, samples, path, longest_s = 0.0, 0, limits.path, limits.longest_s
    for frame in frames:
        if frame.sample_rate not in RATES:
            raise AudioFileError(f"{path} cannot be read: {frame.sample_rate} Hz is not a sample rate of a recording.")
        duration_s += frame.samples / frame.sample_rate
        samples += frame.samples * frame.layout.nb_channels
        if duration_s > longest_s or samples > longest_s * MOST_SAMPLES_A_SECOND:
            raise AudioFileError(
                f"{path} is too long: more than {longest_s / 60:g} minutes of sound. Cut it into its answers, or raise "
                "the setting longest_recording_s."
            )
        yield frame


# --- samples -------------------------------------------------------------------------------------------


def _channel_blocks(frames: Iterator[AudioFrame], sample_rate: int) -> Iterator[Channels]:
    """Yield frames as blocks of shape (n, channels); format, channels and rate may change from one to the next.

    Packed, because PyAV reads past the last plane of a planar frame with eight channels.
    """
    for _, alike in groupby(frames, key=lambda frame: (frame.format.name, frame.layout.name, frame.sample_rate)):
        resampler = _libav().AudioResampler(format="flt", rate=sample_rate)
        for frame in chain(alike, (None,)):
            for block in resampler.resample(frame):
                channels = block.to_ndarray().reshape(-1, block.layout.nb_channels)
                yield np.nan_to_num(channels, nan=0.0, posinf=1.0, neginf=-1.0).clip(-1.0, 1.0)


def _mono_blocks(frames: Iterator[AudioFrame], plan: _Plan, sample_rate: int) -> Iterator[Samples]:
    """Yield frames as mono blocks.

    Channels are mixed here, because libav adds them with a gain of 0.7 each, which clips a loud stereo file.
    """
    for block in _channel_blocks(frames, sample_rate):
        yield plan.mix(block.shape[1]).of(block)


def _joined(blocks: Iterator[Samples]) -> Samples:
    """Join blocks in one array that grows in place: a list of them would need twice the memory."""
    samples, count = np.empty(0, np.float32), 0
    for block in blocks:
        if count + len(block) > len(samples):
            samples.resize(round(1.25 * (count + len(block))), refcheck=False)  # there is no other reference
        samples[count : count + len(block)] = block
        count += len(block)
    return samples[:count]
