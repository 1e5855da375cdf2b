"""The pages of public forms."""

from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.described import described
from loopline.web.contexts.forms import FieldProblem, FormSection
from loopline.web.contexts.shell import Hidden, PageContext


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicFormContext(PageContext):
    """A form for strangers. Sends the fields, ``_token``, ``_consent`` and a field left blank."""

    template: ClassVar[str] = "pages/public_form.html"

    heading: str = field(metadata=described("The form's name."))
    action: str = field(metadata=described("Where the form posts."))
    sections: tuple[FormSection, ...] = field(metadata=described("The fields by section."))
    trap: str = field(metadata=described("The name of the field that people do not see."))
    hidden: tuple[Hidden, ...] = field(metadata=described("The token and the referrer."))
    intro: str = field(default="", metadata=described("What stands above the fields."))
    submit: str = field(default="", metadata=described("The words of the button."))
    consent: str = field(default="", metadata=described("What is agreed to; no box when empty."))
    consented: bool = field(default=False, metadata=described("Whether the box is ticked."))
    notice: str = field(default="", metadata=described("Why it is shown again."))
    problems: tuple[FieldProblem, ...] = field(
        default=(), metadata=described("Everything that is wrong, with places.")
    )
    depends: bool = field(default=False, metadata=described("Whether fields depend on others."))
    refresh_href: str = field(default="", metadata=described("Empty: there are no scripts."))


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicThanksContext(PageContext):
    """What a stranger sees after sending."""

    template: ClassVar[str] = "pages/public_thanks.html"

    heading: str = field(metadata=described("The form's name."))
    thanks: str = field(metadata=described("The words of thanks."))
    again_href: str = field(metadata=described("The empty form."))
