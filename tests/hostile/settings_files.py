"""Settings: any TOML, and any environment."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import strategies as st

from tests.hostile.mutations import NUMBERS, broken
from tests.hostile.outputs import check_plain
from tests.hostile.texts import texts
from voicemock.errors import ContentError
from voicemock.report.settings import setting_rows
from voicemock.settings import Settings

NAMES = tuple(Settings.model_fields)
GOOD = b'model = "base"\npatience = 1.5\nextra_fillers = ["to be fair"]\ntarget_min_s = 60\ntarget_max_s = 120\n'
VALUES = (
    *map(str, NUMBERS),
    "nan",
    "inf",
    "-inf",
    "1e400",
    "true",
    '""',
    "[]",
    "{}",
    "[[]]",
    "{a.b=1}",
    "1979-05-27",
    "07:32:00",
    "0x7fffffffffffffff",
    '"/dev/zero"',
    '"../../x"',
    '"~nobody/x"',
    '"\\u0000"',
    '"\\u001b[31m"',
    '["a", 1]',
    "'''\n'''",
    "[" * 3000,
    "[" * 3000 + "]" * 3000,
    "{a=" * 2000,
    "9" * 5000,
    '"[red]x[/]"',
)

_values = (
    st.sampled_from(VALUES)
    | texts.map(lambda text: json.dumps(text[:2000]))
    | st.floats().map(str)
    | st.integers().map(str)
)
_lines = st.tuples(st.sampled_from((*NAMES, "a.b", "[x]", '"\\u001b"', "MODEL")), _values).map(" = ".join)
_files = st.one_of(
    st.lists(_lines, max_size=5).map(lambda lines: "\n".join(lines).encode("utf-8", "surrogatepass")),
    broken((GOOD,)),
    st.binary(max_size=200),
)
_environments = st.dictionaries(
    st.sampled_from(NAMES).map(lambda name: f"VOICEMOCK_{name}".upper()),
    (st.sampled_from(VALUES) | texts).map(
        lambda text: text.replace("\0", "")[:5000].encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    ),
    max_size=2,
)
cases = st.tuples(_files, _environments)


def check(case: tuple[bytes, dict[str, str]], folder: Path) -> None:
    """Load them and list them as ``voicemock config`` does."""
    content, environment = case
    path = folder / "config.toml"
    path.write_bytes(content)
    kept: dict[str, Any] = {name: value for name, value in os.environ.items() if not name.startswith("VOICEMOCK_")}
    with mock.patch.dict(os.environ, {**kept, **environment, "VOICEMOCK_CONFIG": str(path)}, clear=True):
        try:
            lines = setting_rows()
        except ContentError:
            return
        for line in lines:
            check_plain("".join(line))
