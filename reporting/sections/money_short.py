"""What the short accounts of money in and out have in common: how a finished one is called."""

from typing import TYPE_CHECKING, ClassVar

from reporting.engine.rows import State

if TYPE_CHECKING:
    from reporting.engine.section import Section

    Base = Section
else:
    Base = object


class ShortMoney(Base):
    """``noun`` is shown when kinds are ticked and no single amount was large (state ``low-assets-done``)."""

    noun: ClassVar[str]
    exists: str | None
    one_offs: str | None

    def state(self) -> State:
        found = super().state()
        if found.key != "done":
            return found
        if self.exists == "no":
            return State("done", f"No {self.noun.lower()}", 0)
        if self.one_offs == "no":
            return State("low-assets-done", self.noun, 0)
        return found
