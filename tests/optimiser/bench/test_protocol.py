"""A measured run is judged by the evaluator, kept as a line, and not repeated."""

import json
from pathlib import Path
from typing import Any

import pytest

from optimiser.bench import __main__ as bench
from optimiser.bench import protocol, table
from optimiser.bench.compact import build
from optimiser.bench.evaluate import read

RECORD: dict[str, Any] = {
    "instance": "2", "seed": 1, "seconds": 60.0, "cores": False, "solver": "optimiser", "label": "", "cost": 828,
    "legal": True, "bound": 828, "wall_seconds": 3.2, "core_seconds": 4.0, "peak_mb": 200, "load": [0.1, 0.5],
}  # fmt: skip


def test_names_and_numbers() -> None:
    assert bench.numbers("1-3,8,middle-2") == ["1", "2", "3", "8", "middle-2"]
    assert protocol.instance_file("8").name == "Instance8.txt"


def test_a_prison_is_judged_by_the_checks_of_its_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "WORK", tmp_path)
    record = protocol.measure(protocol.Task("prison-6-2", 1, 1))
    assert record["legal"]
    assert record["cost"] == record["claimed"]["cost"] >= record["bound"]


def test_a_run_is_judged_kept_and_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(protocol, "WORK", tmp_path / "work")
    places = ["--results", str(tmp_path / "r.jsonl"), "--report", str(tmp_path / "R.md")]
    given = ["bench", "--instances", "2", "--seeds", "1", "--seconds", "1", *places]
    for _ in range(2):
        monkeypatch.setattr("sys.argv", given)
        bench.main()
    (record,) = bench.known(tmp_path / "r.jsonl")
    assert record["legal"]
    assert record["cost"] == record["claimed"]["cost"] >= 828 >= record["bound"]
    assert record["core_seconds"] > 0
    assert capsys.readouterr().out.count("optimiser 2 seed 1") == 1
    assert "| 2 | 828 |" in (tmp_path / "R.md").read_text()


def test_a_wrong_roster_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("A,,\n")
    (tmp_path / "report.json").write_text(json.dumps({"cost": 1, "bound": 1}))
    scored = protocol._scored(protocol.instance_file("2"), tmp_path)
    assert not scored["legal"]
    assert not table.proved(RECORD | scored)


def test_the_table_sums_up_what_the_protocol_asks() -> None:
    records = [RECORD, RECORD | {"seed": 2, "cost": 830}, RECORD | {"instance": "1", "cost": 609, "bound": 558}]
    shown = table.render(records)
    assert "| 2 | 828 | 828 830 | 829 | 830 | 0.1% | 828 | 1/2 |" in shown
    assert "on 2 instances (13 apart): seed 1: 2, seed 2: 2; median 2, worst 2. Proved optimal: 1 instances." in shown
    illegal = table.render([RECORD | {"legal": False}])
    assert "828!" in illegal
    assert "worst 1000000" in illegal


def test_the_compact_model_has_a_cell_for_every_choice() -> None:
    instance = read(protocol.instance_file("1").read_text())
    model = build(instance)
    assert len(model.cells) == 8 * 14
    assert model.constant == sum(weight for *_, weight in instance.wanted)
