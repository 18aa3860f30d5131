"""The report of a long run says what was noted, and leaves the rest of its page alone."""

import json
from pathlib import Path

import pytest

from tests import reliability

NOTED = (
    {
        "subject": "faults",
        "database": "sqlite",
        "nodes": 1,
        "seconds": 60.0,
        "seed": 7,
        "kinds": {"kill-node": 3, "fill-disk": 1},
        "sent": 1_200,
        "acked": 1_100,
        "violations": {"lost": 2},
        "invalid": ["nothing happened"],
        "complaints": 1,
    },
    {"subject": "mutants", "of": "codec", "noticed": 9, "tried": 10},
    {"subject": "planted", "noticed": 20, "tried": 21},
    {"subject": "attack", "kind": "hostile frames", "tried": 1_000_000, "got_in": 0},
    {"subject": "enumeration", "of": "LoginRequest", "samples": 25, "difference": 0.01, "p": 0.5},
    {
        "subject": "flood",
        "kind": "junk",
        "seconds": 2,
        "attempts": 50,
        "messages": 20,
        "p99_ms": 12.4,
        "growth_kb": 512,
    },
)


def test_each_attack_has_a_row() -> None:
    text = reliability.render(NOTED)
    assert "| hostile frames | 1,000,000 | 0 |" in text
    assert "| junk | 2 s | 50 | 20 | 12 ms | 0.5 MiB |" in text
    assert "| codec | 10 | 9 (90.0%) |" in text
    assert "20 of 21 planted bugs were noticed by every test that is named for them." in text
    assert "| LoginRequest | 25 | 1.0% | 0.50 |" in text


def test_only_what_stands_between_the_marks_is_written_anew(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{reliability.BEGIN}\nold\n{reliability.END}\nafter\n")
    reliability.write(page, NOTED)
    reliability.write(page, [one for one in NOTED if one["subject"] == "attack"])
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    assert "SQLite" not in text
    assert "| hostile frames |" in text


def test_the_page_has_the_marks() -> None:
    text = reliability.PAGE.read_text()
    assert text.count(reliability.BEGIN) == text.count(reliability.END) == 1


def test_the_document_is_written_once_all_parts_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"{reliability.BEGIN}\nold\n{reliability.END}\n")
    monkeypatch.setattr(reliability, "PAGE", page)
    folder = tmp_path / "figures"
    folder.mkdir()
    for part, figure in zip(reliability.PARTS, NOTED, strict=False):
        reliability.main([str(folder)])
        assert f"{part}.jsonl" in capsys.readouterr().out
        assert "old" in page.read_text()
        (folder / f"{part}.jsonl").write_text(json.dumps(figure) + "\n")
    reliability.main([str(folder)])
    assert "old" not in page.read_text()
    assert "9 (90.0%)" in page.read_text()


def test_single_files_make_a_document_of_what_they_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, file = tmp_path / "page.md", tmp_path / "some.jsonl"
    page.write_text(f"{reliability.BEGIN}\nold\n{reliability.END}\n")
    monkeypatch.setattr(reliability, "PAGE", page)
    file.write_text(json.dumps(NOTED[0]) + "\n")
    reliability.main([str(file)])
    assert "old" not in page.read_text()
