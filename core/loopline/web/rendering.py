"""Templates to answers: the page, or the one region of it that was asked for."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import fields
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
)
from jinja2.bccache import Bucket, BytecodeCache
from starlette.requests import Request
from starlette.responses import HTMLResponse

from loopline.hooks.boundary import boundary
from loopline.language import LANGUAGES, Messages
from loopline.web.contexts.plugins import PluginPageContext, PortalPageContext
from loopline.web.contexts.shell import PageContext

if TYPE_CHECKING:
    from types import CodeType

STATIC: Final = Path(__file__).parent / "static"
TEMPLATES: Final = Path(__file__).parent / "templates"
LANGUAGE_TAGS: Final = {"zh": "zh-CN", "en": "en"}
_VARY: Final = "HX-Request-Type, HX-Target, Cookie"


class StaticAddresses:
    """The addresses of the static files, each with a mark that changes with its content."""

    def __init__(self, folder: Path = STATIC, plugins: Mapping[str, Path] | None = None) -> None:
        self._folder = folder
        self._plugins = plugins or {}
        self._known: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        """Answer the address of the file ``name``, ``plugins/<plugin>/...`` for one of a plugin."""
        if name not in self._known:
            mark = blake2b(self._file(name).read_bytes(), digest_size=6).hexdigest()
            self._known[name] = f"/static/{name}?v={mark}"
        return self._known[name]

    def _file(self, name: str) -> Path:
        area, _, below = name.partition("/")
        plugin, _, rest = below.partition("/")
        return self._plugins[plugin] / rest if area == "plugins" else self._folder / name


class CompiledTemplates(BytecodeCache):
    """Compiled templates in memory, by their name and the content of their source."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a bucket what is known of its source."""
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a bucket was given."""
        if bucket.code is not None:
            self._known[bucket.key, bucket.checksum] = bucket.code


@lru_cache(maxsize=1)  # compiling is slow, and nothing of it depends on language or site
def _compiled_templates() -> CompiledTemplates:
    return CompiledTemplates()


class Renderer:
    """The templates of the site, the plugins and the kernel, ready to draw in every language.

    A template of the ``site`` folder takes the place of the one with the same name; a plugin's
    templates are named ``<plugin>/...`` and can only be added.
    """

    def __init__(
        self,
        messages: Messages,
        *,
        site: Path | None = None,
        plugins: Mapping[str, Path] | None = None,
        addresses: StaticAddresses | None = None,
    ) -> None:
        loader = _loader(site, plugins or {})
        asset = addresses or StaticAddresses()
        self._environments = {
            language: _environment(loader, messages, language, asset) for language in LANGUAGES
        }

    def environment(self, language: str) -> Environment:
        """Answer the environment whose words are in ``language``."""
        return self._environments[language]

    def render(self, request: Request, context: PageContext, *, status: int = 200) -> HTMLResponse:
        """Answer the region that the request wants to swap if the page has it, else the page."""
        name = context.fragments.get(wanted_region(request), context.template)
        language = context.shell.language
        template = self._environments[language].get_template(name)
        with _answering_for(context):
            body = template.render(
                {one.name: getattr(context, one.name) for one in fields(context)}
            )
        headers = {
            "Vary": _VARY,
            "Content-Language": LANGUAGE_TAGS[language],
            "Cache-Control": "private, no-cache",
        }
        return HTMLResponse(body, status_code=status, headers=headers)


def _answering_for(context: PageContext) -> AbstractContextManager[None]:
    """Answer the boundary within which a page is drawn: a plugin's template may be anything."""
    if isinstance(context, PluginPageContext | PortalPageContext):
        plugin, _, name = context.content.partition("/")
        return boundary(plugin, f"template {name}")
    return nullcontext()


def wanted_region(request: Request) -> str:
    """Answer the id of the region that a partial request will swap, empty for a whole page.

    ``HX-Target`` is ``tag#id`` with the id percent-encoded; ``HX-Request`` alone is no sign, as
    restoring the history sends it too.
    """
    if request.headers.get("HX-Request-Type") != "partial":
        return ""
    return unquote(request.headers.get("HX-Target", "").partition("#")[2])


def _loader(site: Path | None, plugins: Mapping[str, Path]) -> BaseLoader:
    added = PrefixLoader({name: FileSystemLoader(path) for name, path in plugins.items()})
    own = [FileSystemLoader(site)] if site else []
    return ChoiceLoader([*own, added, FileSystemLoader(TEMPLATES)])


def _environment(
    loader: BaseLoader, messages: Messages, language: str, asset: StaticAddresses
) -> Environment:
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_compiled_templates(),
        cache_size=-1,
    )

    def t(key: str, /, **params: object) -> str:
        return messages.say(key, language, **params)

    environment.globals.update(t=t, asset=asset, lang=LANGUAGE_TAGS[language])
    return environment
