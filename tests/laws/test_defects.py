"""Every fault that the handbook says not to copy is kept out by a test that names it, and docs/defects.md lists them.

``python -m tests.laws.test_defects`` prints the list as it should be.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "docs" / "defects.md"
SECTIONS = {
    "people": ["2.5", "2.6", "4.3", "4.7", "5.1", "5.2", "5.3", "8.1", "9", "10", "11", "12", "13"],
    "admin": ["2", "3", "4", "5.3", "5.4", "6", "7", "8.1", "8.2", "9.1", "9.2", "9.3", "9.4"],
}
"""Where the handbook marks faults of the people and admin documents; those of the others are in the ADRs too."""

HEAD = """# Faults of the former service, and the tests that keep them out

The handbook marks what must not be copied. A test that closes such a fault carries `@pytest.mark.defect(where, what)`;
`tests/laws/test_defects.py` holds this list and the marks together, and prints the list anew:
`python -m tests.laws.test_defects > docs/defects.md`.

| Handbook | What the former service did | Test |
|---|---|---|
"""


def marks() -> Iterator[tuple[str, str, str]]:
    """Where, what and the test, of every mark there is: on a test, or on all tests of a file."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            test = str(path.relative_to(ROOT / "tests"))
            if isinstance(node, ast.FunctionDef):
                found: list[ast.expr] = node.decorator_list
                test += f": {node.name}"
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
                found = [node.value]
            else:
                continue
            for call in (each for one in found for each in ast.walk(one) if isinstance(each, ast.Call)):
                if ast.unparse(call.func) == "pytest.mark.defect":
                    where, what = (ast.literal_eval(each) for each in call.args)
                    yield where.removeprefix("deputy-"), what, test


def order(mark: tuple[str, str, str]) -> tuple[str, list[int], str, str]:
    document, _, section = mark[0].rpartition(" ")
    return document, [int(part) for part in section.split(".") if part.isdecimal()], mark[1], mark[2]


def table() -> str:
    lines = [f"| {where} | {what} | `{test}` |" for where, what, test in sorted(marks(), key=order)]
    return HEAD + "\n".join(lines) + "\n"


def test_each_section_of_the_handbook_that_tells_of_faults_has_a_test() -> None:
    closed = {where for where, _, _ in marks()}
    named = {f"{document} {section}" for document, sections in SECTIONS.items() for section in sections}
    assert named - closed == set()


def test_the_list_is_that_of_the_marks() -> None:
    missing = set(table().splitlines()) ^ set(LIST.read_text().splitlines())
    assert not missing, "run: python -m tests.laws.test_defects > docs/defects.md"


if __name__ == "__main__":
    print(table(), end="")
