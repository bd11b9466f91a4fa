"""The table that all pages share."""

from django.template import engines
from markupsafe import Markup


def drawn(call: str, **values: object) -> str:
    source = '{% import "tables.html" as tables %}' + call
    return engines["jinja2"].from_string(source).render(values)


def test_a_table_names_its_columns_its_rows_and_itself() -> None:
    """Text is escaped, markup is kept; what is none is left out, and what follows it still lines up as numbers."""
    page = drawn(
        '{% call tables.table(caption, ["Name", none, "Hours", "", {"hidden": "Action"}], numeric=[2]) %}'
        '{{ tables.row(["A & B", none, 7, link], numeric=[2]) }}{% endcall %}',
        caption=Markup("Hours <span>by name</span>"), link=Markup('<a href="/x">x</a>'),
    )  # fmt: skip
    assert '<div class="app-scroll" tabindex="0" role="region" aria-label="Hours by name">' in page
    assert '<caption class="govuk-table__caption govuk-visually-hidden">Hours <span>by name</span></caption>' in page
    assert page.count('<th scope="col"') == 3
    assert page.count('<td class="govuk-table__header"></td>') == 1
    assert '<th scope="col" class="govuk-table__header govuk-table__header--numeric">Hours</th>' in page
    assert '<th scope="col" class="govuk-table__header"><span class="govuk-visually-hidden">Action</span></th>' in page
    assert '<th scope="row" class="govuk-table__header">A &amp; B</th>' in page
    assert '<td class="govuk-table__cell govuk-table__cell--numeric">7</td>' in page
    assert '<td class="govuk-table__cell"><a href="/x">x</a></td>' in page
    shown = drawn('{% call tables.table("Hours", ["Name"], size="m", classes="app-tight") %}{% endcall %}')
    assert 'class="govuk-table app-tight"' in shown
    assert 'class="govuk-table__caption govuk-table__caption--m"' in shown
