"""A PostgreSQL server of Debian's package, as an unprivileged user, on a free port, in a temporary folder."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

PASSWORD: Final = "s3cret/p@ss:word#1"


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl; None without a server."""
    found = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: float(each.parent.name))
    return Path(found).parent if found else folders[-1] if folders else None


@contextmanager
def server(bin_folder: Path) -> Iterator[str]:
    """Yield the address of a server, with its password."""
    with tempfile.TemporaryDirectory(prefix="voicemock-pg-") as name, socket.socket() as free:
        folder = Path(name)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        password = folder / "password"
        password.write_text(PASSWORD)
        user: dict[str, Any] = {}
        if os.geteuid() == 0:  # the server refuses to be root
            user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            for path in (folder, password):
                shutil.chown(path, "nobody", "nogroup")

        def call(*arguments: str) -> None:
            output = subprocess.DEVNULL  # a pipe would be held open by the server
            subprocess.run(arguments, check=True, cwd="/", stdout=output, stderr=output, timeout=120, **user)

        data = f"--pgdata={folder / 'data'}"
        call(
            str(bin_folder / "initdb"), data, "--username=tester", "--auth=scram-sha-256", f"--pwfile={password}",
            "--no-sync", "--no-locale", "--encoding=UTF8",
        )  # fmt: skip
        options = f"-p {port} -k '{folder}' -F -c listen_addresses=127.0.0.1"
        call(str(bin_folder / "pg_ctl"), data, "--wait", f"--options={options}", f"--log={folder / 'log'}", "start")
        try:
            yield f"postgresql://tester:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/postgres"
        finally:
            call(str(bin_folder / "pg_ctl"), data, "--mode=immediate", "--wait", "stop")
