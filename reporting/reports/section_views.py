"""The pages of a section: start, one page of questions after the other, summary; and the same for its entries.

One set of views serves every section; what differs is in the section's file.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation import drafts
from foundation.access import may
from reporting.engine.forms import PageForm
from reporting.engine.questions import Date, Question
from reporting.engine.section import Answered, Answers, Entry, Page, Section, sections_of
from reporting.reports import actions, queries
from reporting.reports.beside import beside
from reporting.reports.models import Report
from reporting.reports.split_merge.moved import now_in


@may("report.fill")
@require_GET
def section_home(request: HttpRequest, report_id: int, section: str) -> HttpResponse:
    """The start page while nothing is answered, afterwards the summary."""
    report = queries.open_report(request.user, report_id)
    found = queries.section_of(report, section)
    state, around = found.state(), _around(found) | beside(found)
    starts = found.pages and found.walked and not found.not_needed()
    if state.key == "not-started" and starts and "summary" not in request.GET:
        return render(request, "sections/start.html", around | {"state": state, "first": _first(found)})
    return render(request, found.summary_template, around | {"state": state, "blocks": found.blocks()})


@may("report.fill")
@require_http_methods(["GET", "POST"])
@drafts.shown
def section_page(request: HttpRequest, report_id: int, section: str, page: str) -> HttpResponse:
    """One page of a section's questions."""
    report = queries.open_report(request.user, report_id)
    found = queries.section_of(report, section)
    at = found.page(page)
    if at is None:
        raise Http404("no such page")
    if request.method == "GET" and at not in found.asked_pages():
        return redirect(_home(found))
    kind = type(found)
    return _page(request, report, found, at, lambda answers: answers[kind])


@may("report.fill")
@require_GET
def entry_add(request: HttpRequest, report_id: int, section: str, entry: str) -> HttpResponse:
    """A fresh address for a new entry, so that sending it twice makes one."""
    report = queries.open_report(request.user, report_id)
    found = queries.section_of(report, section)
    kind = _kind(found, entry)
    if found.not_needed() or not found.asks_for(kind):
        return redirect(_home(found))
    return redirect("entry_page", report.pk, section, entry, uuid4(), kind.pages[0].slug)


@may("report.fill")
@require_http_methods(["GET", "POST"])
@drafts.shown
def entry_page(request: HttpRequest, report_id: int, section: str, entry: str, token: UUID, page: str) -> HttpResponse:
    """One page of an entry's questions; a token that is not known yet is a new entry."""
    report = queries.open_report(request.user, report_id)
    found = queries.section_of(report, section)
    kind = _kind(found, entry)
    at = kind.page(page)
    if at is None:
        raise Http404("no such page")
    if request.method == "GET" and (found.not_needed() or not found.asks_for(kind)):
        return redirect(_home(found))

    def find(answers: Answers) -> Answered:
        return entry_of(answers, kind, token)

    return _page(request, report, find(found.answers), at, find)


@may("report.fill")
@require_http_methods(["GET", "POST"])
def entry_remove(request: HttpRequest, report_id: int, section: str, entry: str, token: UUID) -> HttpResponse:
    """Ask first, then remove."""
    report = queries.open_report(request.user, report_id)
    found = queries.section_of(report, section)
    kind = _kind(found, entry)
    item = next((each for each in found.answers.entries(kind) if each.token == token), None)
    if item is None:
        return redirect(_home(found))
    error = item.may_remove()
    if request.method == "POST" and not error:
        try:
            actions.remove_entry(report, kind, token, by=request.user)
        except actions.Refused as refused:
            error = str(refused)
        except actions.Closed:
            raise Http404("submitted") from None
        else:
            messages.success(request, f"The {kind.one} has been removed.")
            return redirect(_home(found))
    return render(request, "sections/remove.html", _around(found) | {"entry": item, "error": error})


def entry_of(answers: Answers, kind: type[Entry], token: UUID) -> Entry:
    """The entry with this token, or a new one that is not stored yet."""
    for entry in answers.entries(kind):
        if entry.token == token:
            return entry
    if kind._default_manager.filter(token=token).exists():
        raise Http404("another report's")
    fresh = kind(report=answers.report, token=token)
    fresh.answers = answers
    return fresh


def _page(
    request: HttpRequest, report: Report, owner: Answered, at: Page, find: Callable[[Answers], Answered]
) -> HttpResponse:
    if request.method == "POST":
        return _save(request, report, owner, at, find)
    offered = {}
    draft = drafts.find(request.user, request.path)
    typed = draft.data if draft else None
    if typed is not None:
        form = PageForm(owner, at, typed, draft=True)
        version = typed.get("version", "")
    else:
        offered = _last_year_offers(request, owner, at)
        form, version = PageForm(owner, at, initial=offered), owner.page_version(at)
    return _render_page(request, owner, at, form, version, draft=draft, offered=bool(offered))


def _save(
    request: HttpRequest, report: Report, owner: Answered, at: Page, find: Callable[[Answers], Answered]
) -> HttpResponse:
    asks_another = _asks_another(owner, at) or (isinstance(owner, Entry) and "another" in request.POST)
    another = request.POST.get("another", "")
    version = request.POST.get("version", "")
    if asks_another and another not in {"yes", "no"} and at in owner.asked_pages():
        form = PageForm(owner, at, request.POST)
        form.is_valid()
        return _render_page(request, owner, at, form, version, another_error=True)
    try:
        saved = actions.save_answers(report, find, at, request.POST, by=request.user, version=version)
    except actions.Stale as stale:
        return _render_stale(request, owner, at, find(Answers(report)), stale)
    except actions.NotAsked:
        if request.resolver_match and now_in(request.user, request.resolver_match.kwargs):
            raise Http404("a split took it to another report") from None
        return _render_unasked(request, owner, at)
    except actions.Closed:
        raise Http404("submitted") from None
    if isinstance(saved, PageForm):
        return _render_page(request, owner, at, saved, version)
    drafts.saved(request)
    if asks_another and another == "yes" and isinstance(saved.owner, Entry):
        section = saved.answers[saved.owner.section]
        return redirect("entry_add", report.pk, section.slug, saved.owner.slug)
    return _next(request, saved.answers, saved.owner, at)


def _next(request: HttpRequest, answers: Answers, saved: Answered, at: Page) -> HttpResponseRedirect:
    """Where a saved page leads: the entries that its answer asks for, the next page that is asked, the summary."""
    kind: Any = saved.section if isinstance(saved, Entry) else type(saved)
    section: Section = answers[kind]
    owner = entry_of(answers, type(saved), saved.token) if isinstance(saved, Entry) else section
    from_summary = request.GET.get("from") == "summary"
    if not isinstance(owner, Entry) and (entry := _wants_entry(section, at)):
        return redirect("entry_add", section.report.pk, section.slug, entry.slug)
    pages = owner.asked_pages()
    for each in pages[pages.index(at) + 1 :] if at in pages else []:
        if not from_summary or _lacks(owner, each):
            return HttpResponseRedirect(_address(owner, each) + ("?from=summary" if from_summary else ""))
    if not isinstance(owner, Entry):
        if entry := _wants_entry(section):
            return redirect("entry_add", section.report.pk, section.slug, entry.slug)
        if onward := section.onward():
            return HttpResponseRedirect(_home(section) + onward)
    elif from_summary:
        messages.success(request, f"The {owner.one} has been saved.")
    elif page := _after_entries(section, type(owner)):
        return HttpResponseRedirect(_address(section, page))
    return redirect(_home(section) + "?summary")


def _wants_entry(section: Section, at: Page | None = None) -> type[Entry] | None:
    """The kind of entry of which the section asks for more; with ``at``, because of an answer on that page."""
    for kind in section.entry_kinds():
        gate = kind.when.questions if kind.when else frozenset()
        if at is not None and not gate & set(at.questions):
            continue
        if section.asks_for(kind) and len(section.entries(kind)) < kind.least and not section.not_needed():
            return kind
    return None


def _after_entries(section: Section, kind: type[Entry]) -> Page | None:
    """The next page of the section that still lacks an answer, after the page that asked for these entries."""
    pages = section.asked_pages()
    gates = [at for at, each in enumerate(pages) if kind.when and kind.when.questions & set(each.questions)]
    after = pages[gates[-1] + 1 :] if gates else []
    return next((each for each in after if _lacks(section, each)), None)


def _lacks(owner: Answered, at: Page) -> bool:
    """Whether something that the page asks for is missing."""
    return any(lack.page == at.slug for lack in owner.missing_answers())


def _render_page(
    request: HttpRequest,
    owner: Answered,
    at: Page,
    form: PageForm,
    version: str,
    *,
    draft: drafts.Draft | None = None,
    offered: bool = False,
    another_error: bool = False,
) -> HttpResponse:
    section = _section(owner)
    errors = form.summary()
    if another_error:
        errors.append({"text": f"Select yes if you want to add another {owner.one}", "href": "#another"})  # type: ignore[attr-defined]
    from_summary = request.GET.get("from") == "summary"
    context = _around(section) | {
        "owner": owner,
        "at": at,
        "form": form,
        "errors": errors,
        "version": version,
        "draft": draft,
        "offered": offered,
        "asks_another": _asks_another(owner, at),
        "another": ((draft and draft.data) or request.POST).get("another", ""),
        "another_error": another_error,
        "back": _back(owner, at, from_summary),
        "skip": "" if from_summary or not at.skip else _skip(owner, at),
        "last_year": _last_year_rows(owner, at),
        "is_entry": isinstance(owner, Entry),
    }
    return render(request, "sections/page.html", context)


def _render_stale(request: HttpRequest, owner: Answered, at: Page, now: Answered, stale: actions.Stale) -> HttpResponse:
    """Both values are shown; sending again with the present version is the person's choice."""
    form = PageForm(now, at, request.POST)
    form.is_valid()
    mine = {question.name: question.text(form.cleaned_data.get(question.name)) for question in form.questions}
    context = _around(_section(owner)) | {
        "at": at,
        "theirs": stale.theirs,
        "mine": mine,
        "by": stale.by,
        "when": stale.at,
        "version": now.page_version(at),
        "fields": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in {"csrfmiddlewaretoken", "version"}
            for value in values
        ],
    }
    return render(request, "sections/stale.html", context, status=409)


def _render_unasked(request: HttpRequest, owner: Answered, at: Page) -> HttpResponse:
    """Nothing can be saved here any more; what was typed is shown so that it is not lost."""
    known = owner.questions()
    typed = [(known[name].label_for(owner), _typed(known[name], owner, request)) for name in at.questions]
    context = _around(_section(owner)) | {"typed": [(label, text) for label, text in typed if text]}
    return render(request, "sections/unasked.html", context, status=409)


def _typed(question: Question, owner: Answered, request: HttpRequest) -> str:
    """What was sent for a question, in words and not checked."""
    if isinstance(question, Date):
        return " ".join(request.POST.get(f"{question.name}-{part}", "") for part in question.parts).strip()
    options = question.options_for(owner) if hasattr(question, "options_for") else ()
    labels = {option.value: option.label for option in options}
    return "\n".join(labels.get(value, value) for value in request.POST.getlist(question.name))


def _around(section: Section) -> dict[str, Any]:
    """What every page of a section shows around its content."""
    kinds = [kind for kind in sections_of(section.report.kind) if kind.walked]
    here = kinds.index(type(section)) if type(section) in kinds else None
    before = kinds[here - 1] if here else None
    after = kinds[here + 1] if here is not None and here + 1 < len(kinds) else None
    return {
        "report": section.report,
        "section": section,
        "answers": section.answers,
        "home": _home(section),
        "previous_section": before,
        "next_section": after,
    }


def _section(owner: Answered) -> Section:
    return owner.answers[owner.section] if isinstance(owner, Entry) else owner  # type: ignore[return-value]


def _kind(section: Section, slug: str) -> type[Entry]:
    for kind in section.entry_kinds():
        if kind.slug == slug:
            return kind
    raise Http404("no such entry")


def _home(section: Section) -> str:
    return reverse("section", args=[section.report.pk, section.slug])


def _first(section: Section) -> str:
    return _address(section, section.pages[0]) if section.pages else _entry_add(section)


def _entry_add(section: Section) -> str:
    return reverse("entry_add", args=[section.report.pk, section.slug, section.entry_kinds()[0].slug])


def _address(owner: Answered, page: Page) -> str:
    if isinstance(owner, Entry):
        section = owner.answers[owner.section]
        return reverse("entry_page", args=[owner.report.pk, section.slug, owner.slug, owner.token, page.slug])
    return reverse("section_page", args=[owner.report.pk, owner.slug, page.slug])


def _back(owner: Answered, at: Page, from_summary: bool) -> str:
    pages = owner.asked_pages()
    if from_summary or at not in pages or pages.index(at) == 0:
        return _home(_section(owner))
    return _address(owner, pages[pages.index(at) - 1])


def _skip(owner: Answered, at: Page) -> str:
    pages = owner.asked_pages()
    after = pages[pages.index(at) + 1 :] if at in pages else []
    return _address(owner, after[0]) if after else _home(_section(owner)) + "?summary"


def _asks_another(owner: Answered, at: Page) -> bool:
    """The last page of an entry that is being added asks whether there is another; editing does not."""
    pages = owner.asked_pages()
    if not isinstance(owner, Entry) or not pages or at is not pages[-1]:
        return False
    known = owner.questions()
    return owner.pk is None or any(
        known[name].refuses_blank(owner) and known[name].is_empty(getattr(owner, name)) for name in at.questions
    )


def _last_year_rows(owner: Answered, at: Page) -> dict[str, str]:
    """Last year's answers to the page's questions, in words, where the declaration allows them."""
    before = queries.last_year(owner) if isinstance(owner, Section) else None
    if before is None:
        return {}
    known = owner.questions()
    return {
        name: text
        for name in at.questions
        if known[name].last_year and (text := known[name].text(getattr(before, name)))
    }


def _last_year_offers(request: HttpRequest, owner: Answered, at: Page) -> dict[str, Any]:
    """Last year's answers that the person asked to use; they are shown, not saved."""
    wanted = set(request.GET.getlist("use"))
    before = queries.last_year(owner) if wanted and isinstance(owner, Section) else None
    if before is None:
        return {}
    known = owner.questions()
    return {name: getattr(before, name) for name in at.questions if name in wanted and known[name].last_year}
