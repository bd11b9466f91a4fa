"""Answers as a person reads them: one structure for summary, review, PDF and staff pages."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Row:
    """One question and its answer. ``text`` is empty while it is not answered."""

    label: str
    text: str
    question: str = ""
    page: str = ""
    kind: str = "text"


@dataclass(frozen=True)
class Line:
    """One entry, a gift or an account. ``token`` is its address; ``details`` are all its answers.
    ``kind`` "subtotal" marks a line that sums up those above it; ``origin`` says what an entry was added up from."""

    cells: tuple[str, ...]
    token: str = ""
    finished: bool = True
    details: tuple[Row, ...] = ()
    kind: str = "entry"
    origin: str = ""


@dataclass(frozen=True)
class Listing:
    """The entries of one kind, or any other table. ``numeric`` are the columns that hold money."""

    title: str
    columns: tuple[str, ...]
    numeric: frozenset[int]
    lines: tuple[Line, ...]
    total: tuple[str, ...] = ()
    empty: str = ""
    kind: str = ""

    def without(self, columns: set[int]) -> "Listing":
        """The same table without some of its columns."""
        keep = [at for at in range(len(self.columns)) if at not in columns]

        def cut(cells: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(cells[at] for at in keep) if cells else cells

        return replace(
            self,
            columns=cut(self.columns),
            numeric=frozenset(new for new, old in enumerate(keep) if old in self.numeric),
            lines=tuple(replace(line, cells=cut(line.cells)) for line in self.lines),
            total=cut(self.total),
        )


@dataclass(frozen=True)
class Rows:
    """Some questions with their answers."""

    rows: tuple[Row, ...]
    title: str = ""


Block = Rows | Listing


@dataclass(frozen=True)
class Missing:
    """Something that is asked and not there yet, in words, and the page that asks it."""

    text: str
    page: str = ""


@dataclass(frozen=True)
class State:
    """How far a section is. ``count`` is the number of its entries, None where it has none to count."""

    key: str
    label: str
    count: int | None = None
    missing: tuple[Missing, ...] = field(default=())

    @property
    def finished(self) -> bool:
        return self.key in {"done", "low-assets-done", "explained"}
