"""The answer as a page to look at: ``roster.html``, one file that needs nothing else."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from optimiser.answers import SHORT, Account, Gap, missing_in, still_to_gain, worth_of_one_more
from optimiser.problem import DAY, Part, Problem, Result, Shift, Violation
from optimiser.words import clock, hours

STYLE = (Path(__file__).parent / "page.css").read_text()
GAPS, PARTS, SAID = 40, 500, 2
"""So many gaps, parts of the cost, sentences at one cell are shown; report.json has them all."""


def page(problem: Problem, result: Result, judged: Account, found: Sequence[Gap]) -> str:
    title = escape(problem.name or "Roster")
    parts = [
        f"<h1>{title}</h1>",
        summary(problem, result, judged),
        "<h2>Roster</h2>",
        legend(problem),
        roster(problem, result, judged),
        "<h2>What it costs</h2>",
        by_rule(judged),
        parts_list(problem, judged),
        "<h2>Posts not filled</h2>",
        gap_list(found[:GAPS], len(found)),
        "<h2>What one more officer would save</h2>",
        worth(result),
    ]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main>{''.join(parts)}</main></body></html>"
    )


def tag(name: str, content: object, **attributes: object) -> str:
    """Escapes the content; an attribute ``class_`` is written ``class``."""
    said = "".join(f' {key.rstrip("_")}="{escape(str(value))}"' for key, value in attributes.items() if value)
    return f"<{name}{said}>{escape(str(content))}</{name}>"


def table(caption: str, head: Iterable[str], rows: Iterable[Sequence[object]]) -> str:
    top = "".join(tag("th", cell, scope="col") for cell in head)
    body = "".join(
        f"<tr>{tag('th', first, scope='row')}{''.join(tag('td', cell) for cell in rest)}</tr>" for first, *rest in rows
    )
    return f"<table>{tag('caption', caption)}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def summary(problem: Problem, result: Result, judged: Account) -> str:
    facts = {
        "Cost": f"{result.cost}",
        "No roster costs less than": f"{result.bound}{' (this one is proved best)' if result.optimal else ''}",
        "Rules broken that may not be": f"{len(judged.forbidden)}",
        "People and days": f"{len(problem.people)} people, {problem.calendar.days} days",
        "Time": f"{result.seconds:.1f} seconds, effort {result.effort}, seed {result.seed}, ended: {result.ended}",
    }
    listed = "".join(f"<div>{tag('dt', name)}{tag('dd', value)}</div>" for name, value in facts.items())
    broken = "".join(tag("li", f"{one.person}: {one.sentence}") for one in judged.forbidden[:50])
    warning = f'<div class="broken"><h2>Not allowed</h2><ul>{broken}</ul></div>' if broken else ""
    left = tag("p", f"There was no time to plan {', '.join(result.unplanned)}.", class_="broken")
    warning = (left if result.unplanned else "") + warning
    repaired = "".join(tag("li", sentence) for sentence in result.repaired)
    changed = f"<h2>Repaired in the roster given</h2><ul>{repaired}</ul>" if repaired else ""
    return f"<dl>{listed}</dl>{tag('p', still_to_gain(result))}{warning}{changed}"


# The roster


def legend(problem: Problem) -> str:
    items = "".join(
        f"<li>{tag('span', shift.id, class_=f'shift {look(shift)}')} {escape(words(shift))}</li>"
        for shift in problem.shifts
    )
    marks = "<li><b>!</b> something about this day costs or is not allowed: its text says what</li>"
    return f'<ul class="legend">{items}{marks}</ul>'


def words(shift: Shift) -> str:
    if shift.kind in ("leave", "sick", "other") or shift.start == shift.end:
        return f"{shift.kind}, {hours(shift.minutes)}"
    return f"{clock(shift.start)} to {clock(shift.end)}, {hours(shift.minutes)}"


def look(shift: Shift) -> str:
    if shift.kind != "work":
        return "off" if shift.kind == "off" else "booking"
    if shift.night:
        return "night"
    return "late" if shift.start % DAY >= 11 * 60 else "day"


def roster(problem: Problem, result: Result, judged: Account) -> str:
    return (
        '<div class="wide" tabindex="0" role="region" aria-label="Roster"><table class="roster">'
        "<caption>A row a person, a column a day; below it the posts and what is missing</caption>"
        f"<thead><tr><th scope='col'>Person</th>{''.join(heads(problem))}"
        "<th scope='col'>Hours</th><th scope='col'>Nights</th><th scope='col'>Cost</th></tr></thead>"
        f"<tbody>{''.join(people(problem, result, judged))}</tbody>"
        f"<tbody class='cover'>{''.join(cover(problem, judged))}</tbody></table></div>"
    )


def day_class(problem: Problem, day: int) -> str:
    return "weekend" if problem.calendar.is_weekend(day) or day in problem.calendar.bank_holidays else ""


def heads(problem: Problem) -> Iterator[str]:
    for day in problem.days:
        name = problem.calendar.name(day)
        weekday, _, rest = name.partition(" ")
        short = " ".join(rest.split()[:2]) if problem.calendar.start else str(day)
        holiday = " (bank holiday)" if day in problem.calendar.bank_holidays else ""
        yield (
            f'<th scope="col" class="{day_class(problem, day)}"><abbr title="{escape(name + holiday)}">'
            f"{weekday}<br>{escape(short)}</abbr></th>"
        )


def people(problem: Problem, result: Result, judged: Account) -> Iterator[str]:
    said: dict[tuple[str, int], list[str]] = {}
    both: list[Part | Violation] = [*judged.parts, *judged.forbidden]
    for part in both:
        if part.person and part.days and len(part.days) <= SHORT:
            said.setdefault((part.person, part.days[-1]), []).append(part.sentence)
    for person in problem.people:
        shifts = [problem.by_id[shift] for shift in result.assignment[person.id]]
        cells = "".join(
            cell(problem, day, shift, said.get((person.id, day), [])[:SAID]) for day, shift in enumerate(shifts)
        )
        sums = (
            "{}:{:02d}".format(*divmod(sum(shift.minutes for shift in shifts), 60)),
            sum(shift.night for shift in shifts),
            judged.by_person.get(person.id, 0),
        )
        totals = "".join(tag("td", value, class_="sum") for value in sums)
        yield f"<tr>{tag('th', person.id, scope='row')}{cells}{totals}</tr>"


def cell(problem: Problem, day: int, shift: Shift, sentences: list[str]) -> str:
    mark = "<b>!</b>" if sentences else ""
    hidden = "".join(tag("span", f" {sentence}.", class_="hidden") for sentence in sentences)
    title = f' title="{escape(". ".join(sentences))}"' if sentences else ""
    inside = tag("span", shift.id, class_=f"shift {look(shift)}") if shift.id else '<span class="hidden">off</span>'
    return f'<td class="{day_class(problem, day)}"{title}>{inside}{mark}{hidden}</td>'


def cover(problem: Problem, judged: Account) -> Iterator[str]:
    """A row for each post: how many are there of how many, and what is missing."""
    found: dict[str, dict[int, tuple[int, int]]] = {}
    for row, count in judged.rows:
        if row.rule == "Cover":
            day = row.days[0]
            label = row.name.removeprefix(f"{problem.calendar.name(day)}, ")
            missing, there = found.setdefault(label, {}).get(day, (-1, 0))
            found[label][day] = max((missing, there), (missing_in(row, count), count))
    for label, days in found.items():
        cells = "".join(post(problem, day, days.get(day)) for day in problem.days)
        total = sum(missing for missing, _ in days.values())
        sums = f'<td class="sum" colspan="3">{f"{total} missing" if total else "filled"}</td>'
        yield f"<tr>{tag('th', label, scope='row')}{cells}{sums}</tr>"


def post(problem: Problem, day: int, state: tuple[int, int] | None) -> str:
    if state is None:
        return f'<td class="{day_class(problem, day)}"></td>'
    missing, there = state
    text = f"{there} of {there + missing}" if missing else f"{there}"
    return tag("td", text, class_=f"{day_class(problem, day)}{' gap' if missing else ''}")


# Costs


def by_rule(judged: Account) -> str:
    return table("Cost by rule", ["Rule", "Cost"], list(judged.by_rule.items()) or [("Nothing costs anything", 0)])


def parts_list(problem: Problem, judged: Account) -> str:
    parts = sorted(judged.parts, key=lambda part: -part.cost)
    rows = [(part.rule, part.person or "everybody", part.cost, part.sentence) for part in parts[:PARTS]]
    inside = table("Every part of the cost, the dearest first", ["Rule", "Person", "Cost", "What"], rows)
    head = f"The dearest {PARTS} of {len(parts)}" if len(parts) > PARTS else f"All {len(parts)}"
    return f"<details><summary>{head} parts of the cost</summary>{inside}</details>"


def gap_list(found: Sequence[Gap], number: int) -> str:
    if not found:
        return "<p>Every post is filled.</p>"
    more = f"<p>And {number - len(found)} more.</p>" if number > len(found) else ""
    return "".join(one_gap(gap) for gap in found) + more


def one_gap(gap: Gap) -> str:
    head = tag("summary", f"{gap.row.name}: {gap.missing} missing, costs {gap.cost}")
    if not gap.reasons:
        return f"<p>{escape(gap.row.name)}: {gap.missing} missing, costs {gap.cost}</p>"
    kinds = "".join(tag("li", f"{count} people: {kind}") for kind, count in gap.summary.items())
    each = "".join(tag("li", f"{person}: {reason}") for person, reason in gap.reasons.items())
    persons = f"<details><summary>Person by person</summary><ul>{each}</ul></details>"
    return f"<details>{head}<ul>{kinds}</ul>{persons}</details>"


def worth(result: Result) -> str:
    rows = [(name, f"{price:.0f}") for name, price in worth_of_one_more(result, 10)]
    if not rows:
        return "<p>No post would gain from one more officer, or the prices are not known.</p>"
    return table("At the prices of the last linear program", ["Where", "Saves about"], rows)
