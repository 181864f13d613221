"""The command and the server itself: the first line, real sockets, and an end with everything kept."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from typer.testing import CliRunner
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.web.conftest import OpenServer
from voicemock.cli import app
from voicemock.web.guard import Access
from voicemock.web.server import LARGEST_MESSAGE, serving


@pytest.fixture
def access(open_server: OpenServer) -> Iterator[Access]:
    server = open_server()
    with serving(server.settings, host="127.0.0.1", port=0, new_stage=lambda *_: server.stage) as (access, _wait):
        yield access


def socket_to(access: Access, **headers: str) -> ClientConnection:
    """Open the socket as the page does, but for some headers."""
    own = {"Cookie": f"{access.cookie}={access.pass_}", "Origin": access.address.origin} | headers
    host = f"127.0.0.1:{access.address.port}"
    return connect(f"ws://{host}/interview/line", additional_headers=own, compression=None)


def test_a_real_browser_session(access: Access):
    with httpx2.Client(follow_redirects=True, trust_env=False) as browser:
        assert browser.get(access.address.origin).status_code == 403
        assert "What do you want to practice?" in browser.get(access.url).text
        assert browser.get(access.address.origin).status_code == 200
        assert browser.get(access.address.origin, headers={"host": "evil.example"}).status_code == 403
    with socket_to(access) as socket:
        socket.send('{"type": "hello", "tab": "a"}')
        assert socket.recv() == '{"type": "idle"}'


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Cookie": "a=b"}, {"Origin": "null"}])
def test_a_socket_of_another_page_is_refused_by_its_first_answer(access: Access, headers: dict[str, str]):
    with pytest.raises(InvalidStatus) as refused, socket_to(access, **headers):
        pass
    assert refused.value.response.status_code == 403


def test_a_huge_message_closes_the_socket(access: Access):
    with socket_to(access) as socket:
        socket.send('{"type": "hello", "tab": "a"}')
        assert socket.recv()
        with pytest.raises(ConnectionClosedError) as closed:
            send_and_wait(socket, b"\0" * (LARGEST_MESSAGE + 1))
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


def send_and_wait(socket: ClientConnection, message: bytes) -> None:
    socket.send(message)
    socket.recv()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--host", "0.0.0.0"], 1, "every address of this machine"),
        (["--host", "192.168.1.7"], 1, "--cert FILE --key FILE"),
        (["--cert", "x.pem"], 1, "--cert and --key go together"),
        (["--cert", "x.pem", "--key", "y.pem"], 1, "x.pem is not there"),
        (["--port", "0"], 2, "Input should be"),
        (["--port", "99999"], 2, "Input should be"),
        (["--data-dir", "/dev/null/x"], 5, "/dev/null/x"),
    ],
)
def test_what_cannot_be_served_is_told(arguments: list[str], code: int, told: str):
    result = CliRunner().invoke(app, ["serve", "--no-open", *arguments])
    assert result.exit_code == code
    assert told in result.output


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_the_first_line_is_the_address_and_a_signal_ends_it_cleanly(tmp_path: Path, number: int, code: int):
    command = [sys.executable, "-m", "voicemock", "serve", "--no-open", "--data-dir", str(tmp_path / "data")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        url = program.stdout.readline().strip()
        origin = url.partition("/?")[0]
        with httpx2.Client(follow_redirects=True, trust_env=False) as browser:
            assert browser.get(url).status_code == 200
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
        with connect(f"ws{origin[4:]}/interview/line", additional_headers=headers | {"Origin": origin}) as page:
            page.send('{"type": "hello", "tab": "a"}')
            assert page.recv()
            program.send_signal(number)
            with pytest.raises(ConnectionClosed) as closed:
                page.recv()
        assert closed.value.rcvd is not None  # it took leave of the page
        rest, errors = program.communicate(timeout=60)
    assert url.startswith("http://127.0.0.1:")
    assert "/?token=" in url
    assert (program.returncode, rest) == (code, "")
    assert errors.strip() == "Open this address in your browser. To stop, press Ctrl-C here."


LATE = {"voicemock.api", "voicemock.analysis.analyze", "voicemock.interview.interview", "numpy", "rich"}


def test_the_first_page_waits_for_nothing_that_an_interview_needs():
    loaded = "import sys, voicemock.cli.serve, voicemock.web.server; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.split()
    assert "voicemock.web.views.practice" in modules
    assert not LATE & set(modules)
