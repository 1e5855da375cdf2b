"""The operations as a plain page for people: static HTML without a script."""

from collections.abc import Iterable
from html import escape

from loopline.language import Messages
from loopline.web.api.dispatch import ApiRoute

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{intro} <a href="{prefix}/openapi.json">openapi.json</a></p>
<table border="1" cellpadding="6">
<thead><tr><th scope="col">{operation}</th><th scope="col">{does}</th>
<th scope="col">{parameters}</th><th scope="col">{scope}</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</main>
</body>
</html>
"""
_ROW = (
    "<tr><td><code>{method} {path}</code></td><td>{summary}</td>"
    "<td>{parameters}</td><td>{scope}</td></tr>"
)


def docs_page(routes: Iterable[ApiRoute], prefix: str, messages: Messages, language: str) -> str:
    """Answer the page that lists every operation with its parameters and its scope."""
    words = ("title", "intro", "operation", "does", "parameters", "scope")
    said = {word: escape(messages.say(f"api.docs.{word}", language)) for word in words}
    rows = "\n".join(_row(one, prefix) for one in routes)
    return _PAGE.format(language=language, prefix=prefix, rows=rows, **said)


def _row(route: ApiRoute, prefix: str) -> str:
    return _ROW.format(
        method=route.method,
        path=escape(prefix + route.shown_path),
        summary=escape(route.summary),
        parameters=escape(", ".join(route.parameters)),
        scope=escape(route.scope),
    )
