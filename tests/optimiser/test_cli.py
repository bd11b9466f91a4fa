"""The command line as a stranger uses it: files out, one line for what is wrong, signals."""

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from optimiser import stop
from optimiser.bench.evaluate import read, read_roster, score
from optimiser.cli import main

INSTANCES = Path("optimiser/bench/instances")
WING = Path("optimiser/examples/wing.json")


def test_solve_writes_three_files_and_the_evaluator_agrees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = INSTANCES / "Instance2.txt"
    assert main(["solve", str(file), "--effort", "5", "--out", str(tmp_path / "new"), "--progress", "json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines
    assert set(lines[-1]) == {"seconds", "cost", "bound", "gap"}
    roster, report = (tmp_path / "new" / name for name in ("roster.csv", "report.json"))
    told = json.loads(report.read_text())
    result = score(read(file.read_text()), read_roster(roster.read_text()))
    assert result.broken == []
    assert result.cost == told["cost"] == sum(told["cost_by_rule"].values()) == lines[-1]["cost"]
    assert told["bound"] <= told["cost"]
    rows = list(csv.reader(roster.read_text().splitlines()))
    assert [row[0] for row in rows] == list(read(file.read_text()).staff)
    assert {len(row) for row in rows} == {15}
    assert "<!doctype html>" in (tmp_path / "new" / "roster.html").read_text()

    # The roster can be read again: judged, compared with itself, begun with.
    assert main(["evaluate", str(file), str(roster)]) == 0
    assert f"cost {result.cost}, 0 rules broken" in capsys.readouterr().out
    assert main(["compare", str(file), str(roster), str(roster)]) == 0
    assert "0 days of 0 people differ" in capsys.readouterr().out
    again = ["solve", str(file), "--effort", "1", "--out", str(tmp_path / "again"), "--start", str(roster)]
    assert main([*again, "--progress", "none"]) == 0
    assert json.loads((tmp_path / "again" / "report.json").read_text())["cost"] <= result.cost


def test_evaluate_and_cover_on_the_json_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    roster = tmp_path / "roster.csv"
    people = [person["id"] for person in json.loads(WING.read_text())["people"]]
    roster.write_text("".join(f"{name}{',' * 28}\n" for name in people))
    assert main(["evaluate", str(WING), str(roster)]) == 1
    assert "not allowed: Begum: Mon 11 Jan 2027: a day off is not possible, AL is booked" in capsys.readouterr().out
    assert main(["evaluate", str(WING), str(roster), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["cost_by_rule"]["Cover"] > 0
    shift = ["--shift", "N", "--day", "2027-01-14"]
    assert main(["cover", str(WING), str(roster), *shift, "--absent", "Adams", "--list"]) == 0
    said = capsys.readouterr().out
    assert "Hughes is free on Thu 14 Jan 2027 and may work N" in said
    assert "Green" not in said
    assert "Adams" not in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "arguments: the following arguments are required: COMMAND"),
        (["solve", "nowhere.txt", "--out", "OUT"], "nowhere.txt: No such file or directory"),
        (["solve", str(WING)], "arguments: the following arguments are required: --out"),
        (["solve", str(WING), "--out", "OUT", "--time", "-1"], "arguments: argument --time: invalid"),
        (["solve", str(WING), "--out", "/proc/nothing"], "/proc/nothing: No such file or directory"),
        (["solve", str(WING), "--out", "OUT", "--start", "BAD"], "BAD, line 1: there is no person 'nobody'"),
        (["evaluate", "EMPTY", "SHORT"], "EMPTY, the file: it is empty"),
        (["evaluate", str(WING), "SHORT"], "SHORT, line 1: 1 days, 28 are to be planned"),
        (["cover", str(WING), "EMPTY", "--shift", "N", "--day", "0"], "EMPTY: Adams is not in the roster"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("BAD", "nobody,E\n"), ("SHORT", "Adams,E\n"), ("EMPTY", "")):
        (tmp_path / name).write_text(text)
    places = {name: str(tmp_path / name) for name in ("BAD", "SHORT", "EMPTY", "OUT")}
    assert main([places.get(one, one) for one in arguments]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert said in told.replace(str(tmp_path) + "/", "")


def test_with_no_time_at_all_there_are_files_that_say_who_is_not_planned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stop, "GRACE", 0)
    assert main(["solve", str(WING), "--time", "0.001", "--out", str(tmp_path)]) == 3
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "no roster: the time was over after 0." in told
    assert "12 people not planned" in told
    report = json.loads((tmp_path / "report.json").read_text())
    assert (len(report["unplanned"]), report["ended"], report["bound"]) == (12, "time", 0)
    assert "There was no time to plan Adams, " in (tmp_path / "roster.html").read_text()
    assert main(["evaluate", str(WING), str(tmp_path / "roster.csv")]) == 0
    assert f"cost {report['cost']}," in capsys.readouterr().out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_writes_the_best_so_far(number: signal.Signals, tmp_path: Path) -> None:
    file = INSTANCES / "Instance9.txt"
    command = [sys.executable, "-m", "optimiser", "solve", str(file), "--time", "300", "--out", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": "."}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert "cost" in process.stdout.readline()
        process.send_signal(number)
        assert process.wait(60) == 0
    told = json.loads((tmp_path / "report.json").read_text())
    assert told["ended"] == "interrupted"
    result = score(read(file.read_text()), read_roster((tmp_path / "roster.csv").read_text()))
    assert result.broken == []
    assert result.cost == told["cost"]
