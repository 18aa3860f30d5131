"""Certificates from files: which one is shown, and what becomes of files that cannot be used."""

import contextlib
import datetime
from pathlib import Path
from typing import Any

import pytest
from OpenSSL import SSL

from naivechat.certificates import CertificateError, Certificates, Folder, KeyAndChain, Renewal
from tests.authority import DAY, Authority, split
from tests.logs import logged_errors

AUTHORITY = Authority()
FFDHE2048 = b"""-----BEGIN DH PARAMETERS-----
MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
-----END DH PARAMETERS-----
"""
"""The group of RFC 7919."""


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def handshake(
    certificates: Certificates, name: str | None = "chat.example", **options: Any
) -> SSL.Connection:
    """The client's end of a handshake, both ends in memory; `versions` limits what the client speaks."""
    context = SSL.Context(SSL.TLS_METHOD)
    context.set_max_proto_version(options.get("newest", 0))
    context.set_cipher_list(b"ALL:@SECLEVEL=0")
    client, node = SSL.Connection(context, None), certificates.serverConnectionForTLS(None)
    if name is not None:
        client.set_tlsext_host_name(name.encode())
    client.set_connect_state()
    node.set_accept_state()
    for _ in range(10):
        for one, other in ((client, node), (node, client)):
            with contextlib.suppress(SSL.WantReadError):
                one.do_handshake()
            with contextlib.suppress(SSL.WantReadError):
                other.bio_write(one.bio_read(65_536))
    return client


def shown(certificates: Certificates, name: str | None = "chat.example") -> str:
    """The common name of the certificate that whoever asks for a host is shown."""
    certificate = handshake(certificates, name).get_peer_certificate()
    assert certificate is not None
    return str(certificate.get_subject().CN)


def one_file(folder: Path, content: bytes) -> Certificates:
    file = written(folder / "node.pem", content)
    return Certificates(KeyAndChain(key=file, chain=file))


def test_a_key_and_a_certificate_may_be_in_one_file_or_in_two(tmp_path: Path) -> None:
    pem = AUTHORITY.issue(["chat.example"])
    key, chain = split(pem)
    apart = KeyAndChain(key=written(tmp_path / "key", key), chain=written(tmp_path / "chain", chain))
    for certificates in (one_file(tmp_path, pem), Certificates(apart)):
        assert shown(certificates) == "chat.example"


def test_what_stands_between_a_certificate_and_its_authority_is_shown_too(tmp_path: Path) -> None:
    file = written(tmp_path / "node.pem", AUTHORITY.issue(["chat.example"]) + AUTHORITY.pem)
    extra = written(tmp_path / "extra.pem", AUTHORITY.pem)
    for extra_chain, count in ((None, 2), (extra, 3)):
        client = handshake(Certificates(KeyAndChain(key=file, chain=file, extra_chain=extra_chain)))
        assert len(client.get_peer_cert_chain() or ()) == count


def test_parameters_for_diffie_hellman_are_read_and_have_to_be_some(tmp_path: Path) -> None:
    file = written(tmp_path / "node.pem", AUTHORITY.issue(["chat.example"]))
    good, bad = written(tmp_path / "good", FFDHE2048), written(tmp_path / "bad", b"none")
    assert shown(Certificates(KeyAndChain(key=file, chain=file, dh_parameters=good))) == "chat.example"
    with pytest.raises(CertificateError, match="cannot be used"):
        Certificates(KeyAndChain(key=file, chain=file, dh_parameters=bad))


def test_each_host_of_a_folder_has_its_own_and_others_see_the_first(tmp_path: Path) -> None:
    written(tmp_path / "a.pem", AUTHORITY.issue(["a.example", "B.example"]))
    written(tmp_path / "wild.pem", AUTHORITY.issue(["*.wild.example"]))
    written(tmp_path / "readme.txt", b"no certificate")
    certificates = Certificates(Folder(tmp_path))
    hosts = ("a.example", "b.EXAMPLE", "x.wild.example", "other.example", None)
    assert [shown(certificates, host) for host in hosts] == [
        "a.example",
        "a.example",
        "*.wild.example",
        "a.example",
        "a.example",
    ]


def test_a_certificate_that_names_no_host_is_for_whoever_asks_for_none(tmp_path: Path) -> None:
    written(tmp_path / "a.pem", AUTHORITY.issue([], common_name="nameless"))
    written(tmp_path / "b.pem", AUTHORITY.issue(["b.example"]))
    certificates = Certificates(Folder(tmp_path))
    assert [shown(certificates, host) for host in ("b.example", None)] == ["b.example", "nameless"]


def test_who_asks_for_a_host_that_is_not_there_reads_no_file(tmp_path: Path) -> None:
    file = written(tmp_path / "a.pem", AUTHORITY.issue(["a.example"]))
    certificates = Certificates(Folder(tmp_path))
    file.unlink()
    assert shown(certificates, "unknown.example") == "a.example"


@pytest.mark.parametrize("newest", [SSL.TLS1_VERSION, SSL.TLS1_1_VERSION])
def test_nothing_older_than_tls_1_2_is_spoken(tmp_path: Path, newest: int) -> None:
    certificates = one_file(tmp_path, AUTHORITY.issue(["chat.example"]))
    with pytest.raises(SSL.Error):
        handshake(certificates, newest=newest)
    assert handshake(certificates, newest=SSL.TLS1_2_VERSION).get_protocol_version_name() == "TLSv1.2"
    assert handshake(certificates).get_protocol_version_name() == "TLSv1.3"


def test_connections_from_now_on_see_the_new_certificate(tmp_path: Path) -> None:
    certificates = one_file(tmp_path, AUTHORITY.issue(["old.example"]))
    one_file(tmp_path, AUTHORITY.issue(["new.example"]))
    assert shown(certificates) == "old.example"
    certificates.reload()
    assert shown(certificates) == "new.example"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "holds no certificate"),
        (AUTHORITY.pem, "cannot be used"),
        (split(AUTHORITY.issue(["a"]))[0], "holds no certificate"),
        (split(AUTHORITY.issue(["a"]))[0] + split(AUTHORITY.issue(["a"]))[1], "the key belongs to another certificate"),
        (AUTHORITY.issue(["a"])[:-60], "cannot be used"),
        (AUTHORITY.issue(["a"]) + b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be used"),
    ],
    ids=["empty", "no key", "no certificate", "mismatch", "half", "bad chain"],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_and_changes_nothing(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    certificates = one_file(tmp_path, AUTHORITY.issue(["old.example"]))
    written(tmp_path / "node.pem", content)
    with pytest.raises(CertificateError, match=reason) as caught:
        certificates.reload()
    assert "node.pem" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert shown(certificates) == "old.example"


def test_files_that_are_not_there_are_named(tmp_path: Path) -> None:
    absent = tmp_path / "absent.pem"
    with pytest.raises(CertificateError, match=r"absent\.pem: No such file"):
        Certificates(KeyAndChain(key=absent, chain=absent))
    with pytest.raises(CertificateError, match=r"holds no file whose name ends in \.pem"):
        Certificates(Folder(tmp_path))


def test_a_renewal_that_fails_is_told_and_the_next_one_ends_that(tmp_path: Path) -> None:
    certificates = one_file(tmp_path, AUTHORITY.issue(["old.example"]))
    renewal = Renewal([certificates])
    assert (renewal.is_used, renewal.is_current) == (True, True)
    written(tmp_path / "node.pem", b"nothing")
    renewal()
    assert renewal.is_current is False
    assert shown(certificates) == "old.example"
    one_file(tmp_path, AUTHORITY.issue(["new.example"]))
    renewal()
    assert renewal.is_current is True
    assert shown(certificates) == "new.example"
    assert logged_errors.flush() == ()


def test_the_end_that_is_told_is_the_first_of_all(tmp_path: Path) -> None:
    now = datetime.datetime.now(datetime.UTC)
    written(tmp_path / "a.pem", AUTHORITY.issue(["a"], ends=9 * DAY))
    written(tmp_path / "b.pem", AUTHORITY.issue(["b"], ends=3 * DAY))
    ends_s = Renewal([Certificates(Folder(tmp_path))]).expires_at_s
    assert ends_s is not None
    assert 2 <= (datetime.datetime.fromtimestamp(ends_s, datetime.UTC) - now).days <= 3
    assert (Renewal([]).expires_at_s, Renewal([]).is_used) == (None, False)
