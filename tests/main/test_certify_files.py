"""Files that `croupier certify` reads: a damaged one costs a sentence, never the report."""

import json

import pytest
import typer

from croupier.main import certify_history, certify_run

URL = "http://localhost:8000/wallet"
RUN = {"at": 1, "wallet_url": URL, "green": False, "rules": 3, "whole": True, "red": ["SIG-01"], "judged": ["SIG-01"]}
DAMAGED = [
    b'{"at":',
    b"[1]",
    b"\xff\xfe",
    b"[" * 5000,
    json.dumps({name: value for name, value in RUN.items() if name != "at"}).encode(),
    json.dumps(RUN | {"red": 120}).encode(),
    json.dumps(RUN | {"at": "soon"}).encode(),
]


WITHOUT = json.dumps({name: value for name, value in RUN.items() if name != "judged"}).encode()
"""What can be counted, if no more."""


@pytest.mark.parametrize(("damaged", "runs"), [*((one, 2) for one in DAMAGED), (WITHOUT, 3)])
def test_a_damaged_line_of_the_history_is_passed_over(tmp_path, monkeypatch, damaged, runs):
    place = tmp_path / "history.jsonl"
    monkeypatch.setattr(certify_history, "HISTORY", place)
    place.write_bytes(json.dumps(RUN).encode() + b"\n" + damaged + b"\n")
    clock, _ = certify_history.noted(URL, (), whole=True)
    assert clock.endswith(f"{runs} runs")
    assert json.loads(place.read_bytes().splitlines()[-1])["wallet_url"] == URL


@pytest.mark.parametrize(("name", "text"), [("map.toml", "a = " + "[" * 3000), ("map.yaml", "a: " + "[" * 3000)])
def test_a_mapping_without_end_is_refused_in_a_sentence(tmp_path, capsys, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(typer.Exit):
        certify_run.mapped_of(str(tmp_path / name))
    assert "nested too deeply" in " ".join(capsys.readouterr().err.split())
