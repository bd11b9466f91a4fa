"""The template environment: our folders, the GOV.UK components, and the few filters that pages need."""

from collections.abc import MutableMapping
from typing import Any

from django.forms import BaseForm
from django.templatetags.static import static
from django.urls import reverse
from django.utils.module_loading import import_string
from jinja2 import Environment, PackageLoader, PrefixLoader, Template

from foundation.web import filters

COMPONENTS = "govuk_frontend_jinja"


class Components(Environment):
    """The GOV.UK components. They rely on unknown names being false.

    Every page asks them for hundreds of values, nearly all from dictionaries, so those are only looked up as keys.
    """

    def __init__(self) -> None:
        loader = PrefixLoader({COMPONENTS: PackageLoader(COMPONENTS)})
        super().__init__(loader=loader, autoescape=True, auto_reload=False)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and not hasattr(dict, attribute):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return self.globals if d is None else {**self.globals, **d}  # a plain one: quicker to compare than a ChainMap


class Pages(Environment):
    """Our templates, in which an unknown name is a mistake."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.components = Components()

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        if isinstance(name, str) and name.startswith(f"{COMPONENTS}/"):
            return self.components.get_template(name)
        return super().get_template(name, parent, globals)


class Macros:
    """``govuk.error_summary({...})`` calls the macro of that component without an import line."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        template = self._environment.get_template(f"{COMPONENTS}/components/{name.replace('_', '-')}/macro.html")
        macro = getattr(template.module, "govuk" + "".join(word.capitalize() for word in name.split("_")))
        setattr(self, name, macro)  # found without a search from now on
        return macro


def url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args, kwargs=kwargs)


def summary(form: Any) -> list[dict[str, str]]:
    """The errors of a Django form for the error summary, each leading to its field."""
    if not isinstance(form, BaseForm):
        return []
    return [
        {"text": str(error), **({"href": f"#{form[name].auto_id}"} if name in form.fields else {})}
        for name, errors in form.errors.items()
        for error in errors
    ]


def environment(**options: Any) -> Environment:
    if isinstance(options.get("undefined"), str):
        options["undefined"] = import_string(options["undefined"])
    result = Pages(trim_blocks=True, lstrip_blocks=True, **options)
    result.globals |= {"url": url, "static": static, "govuk": Macros(result)}
    result.filters |= {
        "money": filters.money,
        "date": filters.date,
        "time": filters.time,
        "datetime": filters.datetime,
        "lines": filters.lines,
        "paragraphs": filters.paragraphs,
        "summary": summary,
    }
    return result
