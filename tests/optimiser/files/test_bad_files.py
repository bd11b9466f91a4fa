"""Whatever a file holds, it becomes a task or is refused in one line that says where and why."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.files import BadFile, Task, from_text, read

WING = Path("optimiser/examples/wing.json").read_text()
BENCHMARK = Path("optimiser/bench/instances/Instance2.txt").read_text()


def outcome(text: str) -> str:
    """Empty when the text is read, else the one line that is said."""
    try:
        assert isinstance(from_text(text), Task)
    except BadFile as refused:
        line = str(refused)
        assert line
        assert "\n" not in line
        assert len(line) <= 300
        return line
    return ""


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"days": 28', '"days": 0', "line 4, days: 0 is less than the minimum of 1"),
        ('"days": 28', '"days": 28,, ', "line 4, column 14"),
        ('"days": 28', '"days": NaN', "NaN is not a number"),
        ('"id": "Begum"', '"id": "\\ud800"', "half of a character"),
        ('"days": 28', '"days": 28, "days": 28', "'days' is there twice in one object"),
        ('"start": "2027-01-04"', '"start": "2027-02-30"', "line 3, start: '2027-02-30' is no date"),
        ('"start": "2027-01-04",', "", "line 1: 'start' is a required property"),
        ('"days": 28', '"dayz": 28', "line 4, dayz: not known here; did you mean days?"),
        (
            '"id": "Begum",',
            '"id": "Begum", "skilz": 1,',
            "line 17, people[1].skilz: not known here; did you mean skills?",
        ),
        ('"id": "Begum",', '"id": "Begum", "colour": 1,', "line 17, people[1].colour: not known here"),
        ('"id": "Begum"', '"id": "Adams"', "line 17, people[1].id: 'Adams' is there twice"),
        ('{"2027-01-20": "TR"}', '{"2027-01-20": "TX"}', "people[5].locked.2027-01-20: there is no shift 'TX'"),
        ('{"2027-01-20": "TR"}', '{"2027-03-20": "TR"}', "2027-03-20 is not among the days to plan"),
        ('"nights": false', '"nights": 3', "nights of Personal cannot be '3'"),
        ('"nights": false', '"moons": 3', "Personal has no 'moons', only level, price"),
        ('"Personal":', '"Impersonal":', "there is no rule 'Impersonal'"),
        ('"rule": "SkillMix"', '"rule": "Cobol"', "rules.FirstAider: there is no rule 'Cobol'"),
        ('"price": 30', '"price": 0', "a price is 1 or more"),
        ('"shift": "N", "people": 1', '"shift": "N"', "either people or needs"),
        ('["12:30", "13:10"]', '["16:50", "17:10"]', "a break lies inside its shift"),
        ('"in_post": ["N"]', '"in_post": "N"', "in_post of BreakInShift cannot be 'N'"),
    ],
)
def test_json_says_where_and_why(before: str, after: str, said: str) -> None:
    assert before in WING
    assert said in outcome(WING.replace(before, after, 1))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("SECTION_STAFF", "SECTION_STUFF", "there is no section 'STUFF'"),
        ("\n0,E,", "\n14,E,", "day 14 is after the last, 13"),
        ("\n0,E,", "\n0,X,", "there is no shift 'X'"),
        ("SECTION_COVER", "SECTION_COVER\n0,E,1", "the weight for under is missing"),
        ("SECTION_COVER", "SECTION_COVER\n0,E,1,1,-1", "the weight for over must be a whole number, not '-1'"),
        ("SECTION_HORIZON", "SECTION_HORIZON\n5", "one number of days is needed"),
        ("SECTION_HORIZON", "hello\nSECTION_HORIZON", "neither JSON nor a section"),
        ("SECTION_DAYS_OFF", "SECTION_DAYS_OFF\nnobody,1", "there is no person 'nobody'"),
        ("SECTION_SHIFTS", "SECTION_SHIFTS\nZ,480,Q", "there is no shift 'Q'"),
        ("\nB,E=14|L=14,4320,3360", "\nB,E=14|L=14,4320,4330", "the minimum of minutes is above the maximum"),
        (BENCHMARK[BENCHMARK.index("SECTION_COVER") :], "", "section COVER: it is missing"),
    ],
)
def test_the_benchmark_format_says_where_and_why(before: str, after: str, said: str) -> None:
    assert before in BENCHMARK
    line = outcome(BENCHMARK.replace(before, after, 1))
    assert said in line
    assert line.startswith(("line ", "section "))


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    for path, said in ((tmp_path, "directory"), (tmp_path / "none", "No such file"), (tmp_path / "bytes", "UTF-8")):
        with pytest.raises(BadFile, match=said):
            read(path)
    assert outcome(" \n") == "the file: it is empty"
    assert outcome(BENCHMARK.replace("\n", "\r")) == outcome(BENCHMARK.replace("\n", "\r\n")) == ""
    for text in ("", "[", "{" * 100_000, '{"days": ' + "9" * 5000 + "}"):
        assert outcome(text)


ATOMS: Any = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["N", "2027-01-09", "25:00"]),
)
VALUES: Any = st.recursive(
    ATOMS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner)
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


PLACES = places(json.loads(WING))[1:]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), VALUES | st.just(...)), min_size=1, max_size=3))
def test_changed_json(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    data = copy.deepcopy(json.loads(WING))
    for path, value in changes:
        parent = data
        try:
            for key in path[:-1]:
                parent = parent[key]
            if value is ...:
                del parent[path[-1]]
            else:
                parent[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue
    outcome(json.dumps(data))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([WING, BENCHMARK]), st.data())
def test_damaged_text(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 20))
        text = (
            text[:place]
            + data.draw(st.text(max_size=8) | st.sampled_from(["-1", "1e9", "0", ",", "\n"]))
            + text[place + length :]
        )
    outcome(text)


@settings(max_examples=50, deadline=None)
@given(st.text() | st.text(alphabet='SECTION_HORZ\n0123456789,|={}[]":'))
def test_any_text(text: str) -> None:
    outcome(text)
