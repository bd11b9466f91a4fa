"""What goes on into next year's report: assets, and accounts that are still open (deputy-reports 7.6)."""

from reporting.engine.section import Answered, Answers, Entry, Section


def carry_over(old: Answers, new: Answers) -> int:
    """Copy what carries over and is not there yet; returns how many entries were added."""
    added = 0
    for kind in [kind for kind in Answered.kinds if issubclass(kind, Entry)]:
        if not (old.has(kind.section) and new.has(kind.section)):
            continue
        there = {entry.identity() for entry in new.entries(kind)}
        for entry in old[kind.section].entries(kind):
            copied = entry.carried_over()
            if copied is not None and copied.identity() not in there:
                there.add(copied.identity())
                copied.report = new.report
                copied.save()
                added += 1
    new.forget()
    for section in old.sections():
        if new.has(type(section)):
            _carry_gate(section, new)
    new.forget()
    return added


def _carry_gate(old: Section, new: Answers) -> None:
    """The gate of what was carried over, and "there are none" where that is carried too."""
    fresh = new[type(old)]
    for name in old.carried_answers:
        if getattr(fresh, name) is None:
            setattr(fresh, name, getattr(old, name))
            fresh.save()
