"""The printed report against wkhtmltopdf, with the same content, in one run.

    python -m bench.pdf [--write]

Each contender runs in a process of its own: one first report, as after a start of the worker, then some more.
wkhtmltopdf starts anew for every report, as it must. `--write` keeps the table in bench/results/pdf.md.
"""

import argparse
import io
import json
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import outloud
import pikepdf

from reporting.engine.rows import Block, Line, Listing, Row, Rows
from reporting.submissions import pdf
from reporting.submissions.pdf import Chapter, Document

ROUNDS = 6
RESULTS = Path(__file__).parent / "results" / "pdf.md"
TABLES, LINES = 10, 150
CATEGORIES = ("Care fees", "Council tax", "Personal allowance or pocket money", "Gas", "Medical expenses", "Clothes")
WORDS = (
    "the",
    "care",
    "home",
    "wrote",
    "in",
    "June",
    "about",
    "a",
    "new",
    "room",
    "and",
    "we",
    "agreed",
    "after",
    "visit",
)


def sample(seed: int) -> Document:
    """A report of some 40 pages: ten tables with 1,500 rows, and prose between them."""
    rng = random.Random(seed)

    def prose(words: int) -> str:
        return " ".join(rng.choices(WORDS, k=words)).capitalize() + "."

    def line() -> Line:
        amount = f"£{rng.randint(100, 2_000_000) / 100:,.2f}"
        return Line((rng.choice(CATEGORIES), prose(rng.randint(1, 6)), "Current account 1234", amount))

    def chapter(number: int) -> Chapter:
        questions = tuple(Row(f"{prose(8)[:-1]}?", prose(60)) for _ in range(3))
        lines = tuple(line() for _ in range(LINES))
        columns = ("Category", "Description", "Account", "Amount")
        listing = Listing("Payments", columns, frozenset({3}), lines, ("Total", "", "", "£123,456.78"))
        return Chapter(f"Section {number}", (Rows(questions), listing))

    return Document(
        title="Property and financial affairs report",
        case_number="12345678",
        period="1 January 2025 to 31 December 2025",
        cover=(Rows((Row("Name", "Sample Deputy"), Row("Address", "1 High Street\nStafford")), "Deputy details"),),
        chapters=tuple(chapter(number) for number in range(1, TABLES + 1)),
        made_at=datetime(2026, 11, 21, tzinfo=UTC),
    )


def as_html(document: Document) -> str:
    """Sizes are 1.3 times those of the template, for wkhtmltopdf prints them that much smaller."""
    body = "".join(
        f"<h1>{escape(chapter.title)}</h1>" + "".join(map(block_html, chapter.blocks)) for chapter in document.chapters
    )
    return f"""<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{escape(document.title)}</title>
<style>body {{ font: 13.7pt "DejaVu Sans Condensed" }} table {{ width: 100%; border-collapse: collapse;
font-size: 11.7pt }}
td, th {{ border-bottom: 1px solid #b1b4b6; padding: 5.2pt 6pt; text-align: left; vertical-align: top }}
thead {{ display: table-header-group }} tr {{ page-break-inside: avoid }} dt {{ font-weight: bold }}</style></head>
<body><h1>{escape(document.title)}</h1>{"".join(map(block_html, document.cover))}{body}</body></html>"""


def block_html(block: Block) -> str:
    title = f"<h2>{escape(block.title)}</h2>" if block.title else ""
    if isinstance(block, Rows):
        return title + "<dl>" + "".join(f"<dt>{escape(r.label)}<dd>{escape(r.text)}" for r in block.rows) + "</dl>"

    def cells(row: tuple[str, ...], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row) + "</tr>"

    lines = "".join(cells(line.cells, "td") for line in block.lines) + cells(block.total, "td")
    return f"{title}<table><thead>{cells(block.columns, 'th')}</thead><tbody>{lines}</tbody></table>"


def by_wkhtmltopdf(document: Document) -> bytes:
    """Debian's build can make neither a contents page nor page numbers."""
    command = ["wkhtmltopdf", "-q", "-s", "A4", "-T", "28mm", "-B", "24mm", "-L", "20mm", "-R", "20mm", "-", "-"]
    env = {"QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, input=as_html(document).encode(), capture_output=True, check=True, env=env).stdout


CONTENDERS = {"typst": pdf.render, "wkhtmltopdf": by_wkhtmltopdf}


def contend(name: str) -> None:
    """The child process: times, peak memory, and the last report in a file."""
    seconds = []
    for seed in range(ROUNDS):
        document = sample(seed)
        start = time.perf_counter()
        made = CONTENDERS[name](document)
        seconds.append(time.perf_counter() - start)
    who = resource.RUSAGE_SELF if name == "typst" else resource.RUSAGE_CHILDREN
    with tempfile.NamedTemporaryFile(suffix=".pdf", delete=False) as file:
        file.write(made)
    print(json.dumps({"seconds": seconds, "peak": resource.getrusage(who).ru_maxrss / 1024, "path": file.name}))


def measure(name: str) -> dict[str, str]:
    command = [sys.executable, "-m", "bench.pdf", "--contender", name]
    result = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    path = Path(result["path"])
    made, found = path.read_bytes(), outloud.check(str(path))
    path.unlink()
    first, *more = result["seconds"]
    errors = sum(1 for finding in found.findings if finding.severity == "error")
    with pikepdf.open(io.BytesIO(made)) as opened:
        pages, tagged = len(opened.pages), "StructTreeRoot" in str(opened.Root.keys())
    return {
        "engine": name,
        "first report": f"{first:.2f} s",
        f"then (median of {len(more)})": f"{sorted(more)[len(more) // 2]:.2f} s",
        "peak memory": f"{result['peak']:.0f} MB",
        "pages": str(pages),
        "size": f"{len(made) / 1000:.0f} kB",
        "tagged": "yes" if tagged else "no",
        "checker's errors": str(errors),
    }


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--contender", choices=CONTENDERS)
    arguments.add_argument("--write", action="store_true")
    given = arguments.parse_args()
    if given.contender:
        return contend(given.contender)
    rows = [measure(name) for name in CONTENDERS]
    head = list(rows[0])
    table = "\n".join(
        f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *(list(row.values()) for row in rows)]
    )
    version = subprocess.run(["wkhtmltopdf", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    text = f"""# The printed report against wkhtmltopdf

`python -m bench.pdf --write`, {datetime.now(UTC):%-d %B %Y}, Python {platform.python_version()}, {version}.

The same content for both in one run: {TABLES} tables with {TABLES * LINES:,} rows and prose, new answers for each of
{ROUNDS} reports. Only typst's have a contents page, bookmarks and page numbers (Debian's wkhtmltopdf cannot make
them), and its time includes making every text printable. Compare figures only with each other: the machine had other
work. The checker is outloud (PDF/UA-1).

{table}
"""
    print(text)
    if given.write:
        RESULTS.write_text(text)


if __name__ == "__main__":
    main()
