"""The page on which customers answer a survey, once."""

from collections.abc import Iterable, Mapping
from typing import Final

from loopline.sdk import Context, Page, PageRequest, Record, Redirect, Template
from loopline_loyalty.questions import SCALES, Question, Survey
from loopline_loyalty.surveys import PURPOSE, RESPONSE, survey_of
from loopline_loyalty.texts import texts

_PATH: Final = "/survey/{secret}"
_DETRACTS: Final = 6
_POOR: Final = 2
Answers = Mapping[str, int | str]


def pages() -> Iterable[Page]:
    """Yield the page and what its form does."""
    yield Page(path=_PATH, handler=show, permission="public")
    yield Page(path=_PATH, handler=answer, methods=("POST",), permission="public")


def show(ctx: Context, request: PageRequest) -> Template:
    """Show the questions, or thanks to who has answered. Raises NotFound."""
    response = ctx.portal.opened(PURPOSE, request.path["secret"])
    return _shown(ctx, response, survey_of(ctx, response), {}, {})


def answer(ctx: Context, request: PageRequest) -> Template | Redirect:
    """Keep the answers, once; ask again where one is missing or none at all."""
    response = ctx.portal.opened(PURPOSE, request.path["secret"])
    survey = survey_of(ctx, response)
    if response.value("status") == "asked":
        found, wrong = _read(ctx, survey, request.form)
        if wrong:
            return _shown(ctx, response, survey, request.form, wrong)
        _keep(ctx, response, survey, found)
    return Redirect(f"/survey/{request.path['secret']}")


def _read(ctx: Context, survey: Survey, typed: Mapping[str, str]) -> tuple[Answers, dict[str, str]]:
    """Answer the answers by question, and what is wrong with which."""
    found: dict[str, int | str] = {}
    wrong: dict[str, str] = {}
    for one in survey.questions:
        try:
            said = one.read(typed.get(one.id, ""))
        except ValueError:
            wrong[one.id] = texts("survey.wrong").to(ctx.language)
            continue
        if said is not None:
            found[one.id] = said
        elif one.required:
            wrong[one.id] = texts("survey.missing").to(ctx.language)
    return found, wrong


def _keep(ctx: Context, response: Record, survey: Survey, found: Answers) -> None:
    values: dict[str, object] = {
        "status": "answered",
        "answered_at": ctx.now,
        "answers": dict(found),
        "comment": "\n\n".join(str(found[q.id]) for q in _of(survey, "text") if q.id in found)
        or None,
    }
    for kind in SCALES:
        said = [found[one.id] for one in _of(survey, kind) if one.id in found]
        values[kind] = said[0] if said else None
    moves = ctx.elevated("answer of the customer")
    kept = moves.update(RESPONSE, response.id, values)
    nps, csat, owner = kept.value("nps"), kept.value("csat"), kept.value("owner")
    poor = (isinstance(nps, int) and nps <= _DETRACTS) or (isinstance(csat, int) and csat <= _POOR)
    if poor and isinstance(owner, int):
        text = texts("survey.poor", survey=survey.label)
        moves.messages.notify([owner], text, kept)


def _of(survey: Survey, kind: str) -> list[Question]:
    return [one for one in survey.questions if one.type == kind]


def _shown(
    ctx: Context,
    response: Record,
    survey: Survey,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
) -> Template:
    language = ctx.language
    questions = [
        {
            "id": one.id,
            "label": one.label.to(language),
            "type": one.type,
            "required": one.required,
            "options": _options(one, language),
            "value": typed.get(one.id, ""),
            "wrong": wrong.get(one.id, ""),
            "scale": texts(f"survey.{one.type}").to(language) if one.type in SCALES else "",
        }
        for one in survey.questions
    ]
    context = {
        "intro": survey.intro.to(language),
        "thanks": survey.thanks.to(language) or texts("survey.thanks").to(language),
        "questions": questions,
        "open": response.value("status") == "asked",
        "send": texts("survey.send").to(language),
    }
    return Template("survey.html", context, survey.title)


def _options(question: Question, language: str) -> list[tuple[str, str]]:
    if question.type in SCALES:
        return [(str(number), str(number)) for number in SCALES[question.type]]
    return [(code, label.to(language)) for code, label in question.options.items()]
