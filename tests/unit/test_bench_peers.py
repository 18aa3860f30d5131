"""Other servers at the bench's work: what is sent to them, what is recognised, and a short run of each."""

import base64
import json
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import bench.peers.__main__ as main_module
from bench.load import Doubled, Stalled
from bench.offline import Lost
from bench.peers import offline, packages, xmpp
from bench.peers.__main__ import parse
from bench.peers.packages import library_path
from bench.peers.stanza_load import StanzaLoad
from bench.peers.xmpp import LoginFailed, Refused, StanzaReader, Stanzas
from bench.site import Missing
from tests.servers import REPOSITORY, require_mariadb

RUN = b"0123456789abcdef"


def test_a_stanza_has_its_number_in_its_id_and_a_text_of_the_length_asked_for() -> None:
    stanza = Stanzas("bob", 5, run=RUN).make(4711)
    assert (
        stanza == b"<message to='bob@localhost' type='chat' id='0123456789abcdef-00001267'>"
        b"<body>xxxxx</body></message>"
    )


@pytest.mark.parametrize("cut", range(60))
def test_numbers_are_found_once_however_the_stream_is_cut(cut: int) -> None:
    stanzas = Stanzas("bob", 1, run=RUN)
    stream = stanzas.make(1) + stanzas.make(2)
    reader, buffer, found = StanzaReader(RUN), bytearray(), []
    for part in (stream[:cut], stream[cut : cut + 90], stream[cut + 90 :]):
        buffer += part
        found += reader.take(buffer)
    assert found == [1, 2]


def test_what_an_archive_adds_is_no_number() -> None:
    stanza = (
        Stanzas("bob", 1, run=RUN).make(7).replace(b"<body>", b"<stanza-id id='0123456789abcdef'/><body>")
    )
    assert StanzaReader(RUN).take(bytearray(stanza)) == [7]
    assert StanzaReader(b"another run.....").take(bytearray(stanza)) == []


def test_a_message_that_comes_back_is_not_taken_for_a_delivery() -> None:
    bounced = Stanzas("bob", 1, run=RUN).make(7).replace(b"type='chat'", b"type='error'")
    with pytest.raises(Refused, match="00000007"):
        StanzaReader(RUN).take(bytearray(bounced))


def test_a_message_that_comes_twice_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.urandom", lambda count: bytes(range(count)))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(2 * Stanzas("bob", 1, run=bytes(range(8)).hex().encode()).make(0))
        load = StanzaLoad([ours], ["bob"], text_bytes=1, at_marks=lambda: None)
        with pytest.raises(Doubled):
            load.saturate(in_flight=1, warm_up_s=60, measured_s=0)


def server_that_says(*answers: bytes) -> int:
    """Answers a connection's words by these, one after the other, then ends it; the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with listener, connection:
            for answer in answers:
                connection.recv(65_536)
                connection.sendall(answer)
            connection.recv(65_536)

    threading.Thread(target=serve, daemon=True).start()
    return int(listener.getsockname()[1])


def test_whoever_is_let_in_is_there() -> None:
    features = b"<stream:stream><stream:features></stream:features>"
    port = server_that_says(features, b"<success/>", features, b"<iq><bind></bind></iq>", b"<presence/>")
    with xmpp.log_in(port, "ann", "secret") as connection:
        assert connection.getpeername() == ("127.0.0.1", port)


def test_a_wrong_password_is_told() -> None:
    port = server_that_says(b"<stream:features></stream:features>", b"<failure><not-authorized/></failure>")
    with pytest.raises(LoginFailed, match="not-authorized"):
        xmpp.log_in(port, "ann", "wrong")


def test_name_and_password_are_said_as_sasl_plain_wants_it() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"<success/>")
        xmpp.authenticate(ours, "ann", "secret")
        said = re.search(rb"mechanism='PLAIN'>(\S+)</auth>", theirs.recv(65_536))
    assert said is not None
    assert base64.b64decode(said[1]) == b"\0ann\0secret"


def test_a_message_that_comes_back_to_its_writer_was_not_stored() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"<message type='error' id='run-00000000'/><iq type='result' id='last-run'/>")
        with pytest.raises(Lost, match="came back"):
            offline.store(ours, b"", b"run")


def test_where_packages_cannot_be_had_the_peer_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "KEPT_IN", tmp_path)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Missing, match="apt-get"):
        packages.unpacked(["prosody"])


def test_packages_are_unpacked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "KEPT_IN", tmp_path)
    (tmp_path / "one-two" / "usr" / "lib" / "x86_64-linux-gnu").mkdir(parents=True)
    assert packages.unpacked(["one", "two"]) == tmp_path / "one-two"
    assert library_path(tmp_path / "one-two") == str(tmp_path / "one-two/usr/lib/x86_64-linux-gnu")


def test_sizes_are_those_of_the_bench() -> None:
    assert parse([]).pairs == 50
    assert parse(["--pairs=3"]).pairs == 3


def test_a_peer_that_fails_is_told_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    measured = []

    def measure_peer(subject: str, options: object, results: object) -> None:
        measured.append(subject)
        if subject == "ejabberd, archive":
            raise Stalled("nothing for 60 s")

    monkeypatch.setattr(main_module, "measure_naivechat", lambda *_: None)
    monkeypatch.setattr(main_module, "measure_peer", measure_peer)
    monkeypatch.setattr(sys, "argv", ["peers", "--json", str(tmp_path / "peers.json")])
    main_module.main()
    assert len(measured) == 4
    assert "ejabberd, archive has not come to an end: nothing for 60 s" in capsys.readouterr().err


def test_a_short_run_of_all_peers(tmp_path: Path) -> None:
    require_mariadb()
    if not packages.KEPT_IN.is_dir():
        pytest.skip("other servers were never downloaded here (make bench-peers)")
    written = tmp_path / "peers.json"
    sizes = ("--pairs=2", "--seconds=0.3", "--warm-up=0.1", "--rate=50", "--offline=20", "--logins=6")
    done = subprocess.run(
        [sys.executable, "-m", "bench.peers", *sizes, "--json", str(written)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(written.read_text())
    rows = result["rows"]
    subjects = {row["subject"] for row in rows}
    assert {"mariadb", "ejabberd, archive", "prosody, nothing stored"} <= subjects
    assert all(row["delivered"] > 0 for row in rows)
    assert all(row["ack_p50_ms"] is None for row in rows if row["subject"].startswith("prosody"))
    drained = {each["subject"] for each in result["readings"] if each["what"] == "login and reading all"}
    assert drained == subjects - {"relay", "c-relay"}
