"""Fills in a report page by page in a real browser, led by what the page is and by what is declared for it."""

from collections import deque
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from django.urls import ResolverMatch, resolve
from playwright.sync_api import Locator, Page, expect

from reporting.engine.forms import posted
from reporting.engine.questions import Pick, Question
from reporting.engine.section import Answered, Answers, Entry, Section
from reporting.sections.balance import Balance

MOST_PAGES = 200


class Hands(Protocol):
    """How a person operates the page."""

    def press(self, target: Locator) -> None: ...
    def tick(self, target: Locator) -> None: ...
    def write(self, target: Locator, text: str) -> None: ...


class Mouse:
    def press(self, target: Locator) -> None:
        target.click()

    def tick(self, target: Locator) -> None:
        target.check()

    def write(self, target: Locator, text: str) -> None:
        target.fill(text)


class Keyboard:
    """Tab, arrows, Space and Enter only."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def tick(self, target: Locator) -> None:
        self.reach(target)
        if not target.is_checked():
            self.page.keyboard.press("Space")
        expect(target).to_be_checked()

    def write(self, target: Locator, text: str) -> None:
        self.reach(target)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(text)

    def reach(self, target: Locator) -> None:
        for _step in range(150):
            if target.evaluate("each => each === document.activeElement"):
                return
            beside = target.evaluate(
                "each => each.type === 'radio' && each.name === document.activeElement.name"
            )  # the radios of one question are one stop of the Tab key
            self.page.keyboard.press("ArrowDown" if beside else "Tab")
        raise AssertionError(f"the Tab key does not lead to {target}")


class Walk:
    def __init__(self, page: Page, answers: Answers, file: Path) -> None:
        """``answers`` are to be typed; ``file`` is the document to add."""
        self.page, self.answers, self.file = page, answers, file
        self.hands: Hands = Mouse()

    def everything(self, overview: str, *, without: type[Section] | None = None) -> None:
        """Every section from the overview; the balance last, as it waits for the others."""
        for section in sorted(self.answers.sections(), key=lambda each: isinstance(each, Balance)):
            if type(section) is not without:
                self.page.goto(overview)
                self.section(section)

    def section(self, section: Section) -> None:
        """One section from the overview: start page, every page, every entry, to its summary."""
        self.go(self.link(section.words_of(section.title)))
        start = self.page.get_by_role("button", name="Start", exact=True)
        if start.is_visible():
            self.go(start)
        waiting: dict[str, deque[Entry]] = {kind.slug: deque(section.entries(kind)) for kind in section.entry_kinds()}
        begun: dict[object, Entry] = {}
        for _page in range(MOST_PAGES):
            place = self.where()
            if place.url_name == "section_page":
                self.answer(section, place)
            elif place.url_name == "entry_page":
                kind, token = place.kwargs["entry"], place.kwargs["token"]
                if token not in begun:
                    begun[token] = waiting[kind].popleft()
                self.answer(begun[token], place, another=bool(waiting[kind]))
            elif place.url_name == "documents_upload":
                self.upload()
            elif not self.go_on(section, waiting):
                break
        expect(self.page.get_by_text("Still needed")).to_have_count(0)

    def go_on(self, section: Section, waiting: dict[str, deque[Entry]]) -> bool:
        """From the summary to what is still to be told; False if there is nothing."""
        for kind in section.entry_kinds():
            if waiting[kind.slug]:
                self.go(self.page.locator(f'a.govuk-button[href$="/{kind.slug}/add/"]'))
                return True
        explain = self.page.get_by_role("button", name="Explain the difference")
        if explain.is_visible():
            self.go(explain)
            return True
        return False

    def answer(self, owner: Answered, place: ResolverMatch, *, another: bool = False) -> None:
        """Type the answers of one page and save it."""
        page = owner.page(place.kwargs["page"])
        assert page is not None
        known = owner.questions()
        for name in page.questions:
            if owner.asked(known[name]):
                self.type(known[name], getattr(owner, name))
        more = self.page.locator(f'[name="another"][value="{"yes" if another else "no"}"]')
        if more.count():
            self.hands.tick(more)
        before = self.page.url
        self.go(self.page.get_by_role("button", name="Save and continue"))
        assert self.page.url != before, self.page.locator("main").inner_text()

    def type(self, question: Question, value: object) -> None:
        for name, typed in posted(question, value).items():
            box = self.page.locator(f'[name="{name}"]')
            if isinstance(question, Pick):
                if value is not None:
                    box.select_option(label=str(getattr(value, "name", "")))
            elif question.kind == "select":
                box.select_option(typed)
            elif question.kind in {"radios", "checkboxes", "tick"}:
                for each in typed if isinstance(typed, list) else [typed]:
                    self.hands.tick(self.page.locator(f'[name="{name}"][value="{each}"]'))
            else:
                self.hands.write(box, str(typed))

    def go(self, target: Locator) -> None:
        """Press what leads to another page, and wait for it."""
        with self.page.expect_navigation():
            self.hands.press(target)

    def upload(self) -> None:
        self.page.locator("input[type=file]").set_input_files(self.file)
        without_script = self.page.get_by_role("button", name="Add files")
        if without_script.is_visible():
            without_script.click()
        expect(self.page.get_by_text(f"{self.file.name} has been added.")).to_be_visible(timeout=30_000)
        self.go(self.page.get_by_role("button", name="Continue"))

    def link(self, name: str) -> Locator:
        return self.page.locator("main").get_by_role("link", name=name, exact=True)

    def where(self) -> ResolverMatch:
        return resolve(urlsplit(self.page.url).path, urlconf="reporting.urls")
