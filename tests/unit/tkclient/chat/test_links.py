import os
import subprocess

import pytest

from tkclient.ui.chat import links


@pytest.fixture
def opened(monkeypatch):
    """What was opened; no browser is."""
    opened = []

    class Opener:
        def __init__(self, command, **options):
            opened.append(command[1:])

        def poll(self):
            return 0

    monkeypatch.setattr(subprocess, "Popen", Opener)
    monkeypatch.setattr(links.shutil, "which", lambda name: os.path.join("/bin", name))
    return opened


@pytest.mark.parametrize("url", ["https://example.com/a?b=c#d", "http://example.com", "HTTPS://EXAMPLE.COM"])
def test_pages_of_the_web_are_opened(opened, url):
    links.open_link(url)
    assert opened == [[url]]


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "javascript:alert(1)", "ftp://example.com", "https://", "example.com", "http://[", "--help", ""]
)  # fmt: skip
def test_nothing_else_is(opened, url):
    links.open_link(url)
    assert opened == []


def test_without_an_opener_python_finds_the_browser(opened, monkeypatch):
    pages = []
    monkeypatch.setattr(links.shutil, "which", lambda name: None)
    monkeypatch.setattr(links.webbrowser, "open", pages.append)
    links.open_link("https://example.com")
    assert pages == ["https://example.com"] and opened == []
