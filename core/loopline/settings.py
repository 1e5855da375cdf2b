"""The settings of a site: ``site.toml`` in its folder, each key overridable by the environment.

``[database] url`` can be given as ``LOOPLINE_DATABASE_URL``, ``[site] language`` as
``LOOPLINE_SITE_LANGUAGE`` and so on. Secrets are given only that way or by file.
"""

import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Final

from loopline.errors import NotFound, NotValid, Problem
from loopline.language import LANGUAGES

FILE: Final = "site.toml"
Network = IPv4Network | IPv6Network
_KEYS: Final = {
    "database": {"url"},
    "site": {"name", "language", "zone", "currency", "region"},
    "web": {"url", "session_days", "secure_cookies"},
    "plugins": {"blocked"},
    "mail": {"host", "port", "tls", "user", "password_file", "sender"},
    "webhooks": {"allow"},
    "files": {"most_megabytes"},
    "public_forms": {"embed_on"},
    "mail_in": {"host", "port", "tls", "user", "password_file", "folder", "form"},
    "log": {"format", "level"},
    "reports": {"fiscal_year_start_month", "billing_day", "week_start", "query_seconds"},
}
_MEGABYTES: Final = 50
_MOST: Final = {
    "fiscal_year_start_month": 12,
    "billing_day": 28,
    "week_start": 7,
    "query_seconds": 3_600,
}
_ORIGIN: Final = re.compile(r"https?://[a-z0-9.-]+(?::\d{1,5})?", re.ASCII)
_LOG_FORMATS: Final = ("text", "json")
_LOG_LEVELS: Final = ("debug", "info", "warning", "error")
_TLS: Final = ("starttls", "implicit", "none")
_MAIL_PORTS: Final = {"starttls": 587, "implicit": 465, "none": 25}


@dataclass(frozen=True, kw_only=True, slots=True)
class MailSettings:
    """The server that takes outgoing mail. ``tls`` is starttls, implicit (from the start) or none.

    The password is given as ``LOOPLINE_MAIL_PASSWORD``, or in the file that ``password_file``
    names, and never stands in ``site.toml``.
    """

    host: str
    port: int
    sender: str
    tls: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class MailInSettings:
    """The mailbox whose messages become records of the form ``form``, by IMAP.

    ``tls`` is implicit (from the start), starttls or none. The password is given as
    ``LOOPLINE_MAIL_IN_PASSWORD``, or in the file that ``password_file`` names.
    """

    host: str
    port: int
    form: str
    tls: str = "implicit"
    user: str = ""
    folder: str = "INBOX"
    password: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reporting:
    """How the site counts its years, months and weeks, and how long a question may take.

    A fiscal year begins with a month from 1 to 12, a billing month with a day from 1 to 28, a week
    with a weekday from 1, Monday, to 7 (ISO 8601).
    """

    fiscal_year_start_month: int = 1
    billing_day: int = 26
    week_start: int = 1
    query_seconds: int = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class LogSettings:
    """How ``serve`` and ``worker`` write their log, to standard error.

    ``format`` is text or json (one object a line), ``level`` debug, info (also a line for every
    request), warning or error.
    """

    format: str = "text"
    level: str = "warning"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What a process needs to know before it opens the site's database.

    ``url`` is where people reach the site; mails link there, or nowhere while it is blank.
    ``zone`` is an IANA name, ``currency`` an ISO 4217 code, ``region`` an ISO 3166 country by
    which local phone numbers are read. ``mail`` is None where no server is named. Webhooks go to
    public addresses, and to those of ``webhook_networks``. An uploaded file has at most
    ``most_file_bytes``. Public forms may be framed by the origins ``embed_on``; ``mail_in`` is
    None where no mailbox is read.
    """

    folder: Path
    database_url: str = field(repr=False)
    name: str = "Loopline"
    language: str = "zh"
    zone: str = "Asia/Shanghai"
    currency: str = "CNY"
    region: str = "CN"
    url: str = ""
    session_days: int = 14
    secure_cookies: bool = False
    blocked_plugins: frozenset[str] = frozenset()
    mail: MailSettings | None = None
    webhook_networks: tuple[Network, ...] = ()
    most_file_bytes: int = _MEGABYTES * 1024 * 1024
    embed_on: tuple[str, ...] = ()
    mail_in: MailInSettings | None = None
    reporting: Reporting = Reporting()
    log: LogSettings = LogSettings()

    @property
    def files(self) -> Path:
        """The folder of uploaded and imported files."""
        return self.folder / "files"

    @property
    def is_sqlite(self) -> bool:
        """Whether the site lives in a SQLite file."""
        return self.database_url.startswith("sqlite")


def load_settings(folder: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Read a site's settings. Raises NotFound without ``site.toml`` and NotValid for bad keys."""
    env = os.environ if environment is None else environment
    file = folder / FILE
    if not file.is_file():
        raise NotFound(code="site.missing", folder=str(folder))
    content = _read(file)
    _refuse_unknown(content)
    values = {
        (section, key): _value(content, env, section, key)
        for section, keys in _KEYS.items()
        for key in keys
    }
    site = {
        key: value
        for (section, key), value in values.items()
        if section == "site" and value is not None
    }
    if site.get("language", "zh") not in LANGUAGES:
        raise NotValid(Problem("site.language", "site.language", {"allowed": ", ".join(LANGUAGES)}))
    return Settings(
        folder=folder,
        database_url=str(values["database", "url"] or f"sqlite:///{folder / 'loopline.db'}"),
        url=str(values["web", "url"] or "").rstrip("/"),
        session_days=int(values["web", "session_days"] or 14),
        secure_cookies=_truth(values["web", "secure_cookies"]),
        blocked_plugins=_names(values["plugins", "blocked"])
        | _names(env.get("LOOPLINE_PLUGINS_BLOCKED")),
        mail=_mail(folder, {key: values["mail", key] for key in _KEYS["mail"]}, env),
        webhook_networks=_networks(values["webhooks", "allow"]),
        embed_on=_origins(values["public_forms", "embed_on"]),
        mail_in=_mail_in(folder, {key: values["mail_in", key] for key in _KEYS["mail_in"]}, env),
        reporting=_reporting({key: values["reports", key] for key in _KEYS["reports"]}),
        log=_log({key: values["log", key] for key in _KEYS["log"]}),
        most_file_bytes=int(values["files", "most_megabytes"] or _MEGABYTES) * 1024 * 1024,
        **site,
    )


def write_settings(folder: Path, values: Mapping[str, Mapping[str, object]]) -> None:
    """Write a new ``site.toml``."""
    (folder / FILE).write_text(settings_text(values), encoding="utf-8")


def settings_text(values: Mapping[str, Mapping[str, object]]) -> str:
    """Answer settings as they stand in ``site.toml``; a JSON value is also a TOML one."""
    lines: list[str] = []
    for section, entries in values.items():
        lines += [
            f"[{section}]",
            *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in entries.items()),
            "",
        ]
    return "\n".join(lines)


def _read(file: Path) -> dict[str, Any]:
    """Answer what stands in a file. Raises NotValid where it is no TOML (1.0) in UTF-8."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NotValid(Problem(str(file), "site.toml", {"reason": str(error)})) from None


def _value(content: Mapping[str, Any], env: Mapping[str, str], section: str, key: str) -> Any:
    return env.get(f"LOOPLINE_{section}_{key}".upper(), content.get(section, {}).get(key))


def _mail(folder: Path, given: Mapping[str, Any], env: Mapping[str, str]) -> MailSettings | None:
    """Answer the mail settings; None without a host. Raises NotValid for what makes no sense."""
    if not given["host"]:
        return None
    tls = str(given["tls"] or "starttls")
    if tls not in _TLS:
        raise NotValid(Problem("mail.tls", "mail.tls", {"allowed": ", ".join(_TLS)}))
    if not given["sender"]:
        raise NotValid(Problem("mail.sender", "mail.sender"))
    password = env.get("LOOPLINE_MAIL_PASSWORD") or _password("mail", folder, given)
    return MailSettings(
        host=str(given["host"]),
        port=int(given["port"] or _MAIL_PORTS[tls]),
        sender=str(given["sender"]),
        tls=tls,
        user=str(given["user"] or ""),
        password=password,
    )


def _password(section: str, folder: Path, given: Mapping[str, Any]) -> str:
    """Answer the password of a file, empty where none is named. Raises NotValid."""
    if not given["password_file"]:
        return ""
    try:
        return (folder / str(given["password_file"])).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        place = f"{section}.password_file"
        raise NotValid(Problem(place, "site.password_file", {"reason": str(error)})) from None


def _mail_in(
    folder: Path, given: Mapping[str, Any], env: Mapping[str, str]
) -> MailInSettings | None:
    """Answer the mailbox that is read; None without a host. Raises NotValid."""
    if not given["host"]:
        return None
    tls = str(given["tls"] or "implicit")
    if tls not in _TLS:
        raise NotValid(Problem("mail_in.tls", "mail.tls", {"allowed": ", ".join(_TLS)}))
    password = env.get("LOOPLINE_MAIL_IN_PASSWORD") or _password("mail_in", folder, given)
    return MailInSettings(
        host=str(given["host"]),
        port=int(given["port"] or (993 if tls == "implicit" else 143)),
        form=str(given["form"] or ""),
        tls=tls,
        user=str(given["user"] or ""),
        folder=str(given["folder"] or "INBOX"),
        password=password,
    )


def _reporting(given: Mapping[str, Any]) -> Reporting:
    """Answer how time is counted. Raises NotValid naming each number out of bounds."""
    found = {key: value for key, value in given.items() if value is not None}
    wrong = [
        Problem(f"reports.{key}", "site.number", {"most": _MOST[key]})
        for key, value in found.items()
        if not re.fullmatch(r"[0-9]{1,4}", str(value)) or not 1 <= int(value) <= _MOST[key]
    ]
    if wrong:
        raise NotValid(*wrong)
    return Reporting(**{key: int(value) for key, value in found.items()})


def _log(given: Mapping[str, Any]) -> LogSettings:
    """Answer how the log is written. Raises NotValid."""
    found = {key: str(value).lower() for key, value in given.items() if value is not None}
    for key, allowed in (("format", _LOG_FORMATS), ("level", _LOG_LEVELS)):
        if found.get(key, allowed[0]) not in allowed:
            params = {"allowed": ", ".join(allowed)}
            raise NotValid(Problem(f"log.{key}", "site.one_of", params))
    return LogSettings(**found)


def _origins(value: object) -> tuple[str, ...]:
    """Answer origins in order. Raises NotValid for what is none."""
    found = tuple(sorted(_names(value)))
    for one in found:
        if not _ORIGIN.fullmatch(one):
            raise NotValid(Problem("public_forms.embed_on", "form.origin", {"origin": one}))
    return found


def _networks(value: object) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(name) for name in sorted(_names(value)))
    except ValueError as error:
        raise NotValid(
            Problem("webhooks.allow", "webhook.networks", {"reason": str(error)})
        ) from None


def _names(value: object) -> frozenset[str]:
    if value is None:
        return frozenset()
    names = value if isinstance(value, list) else str(value).split(",")
    return frozenset(name.strip() for name in names if name.strip())


def _truth(value: object) -> bool:
    return str(value).lower() in {"1", "true", "yes"}


def _refuse_unknown(content: Mapping[str, Any]) -> None:
    problems = [
        Problem(f"site.toml {section}.{key}", "site.unknown_key", {"key": key})
        for section, entries in content.items()
        for key in (entries if isinstance(entries, dict) else {"": None})
        if key not in _KEYS.get(section, set())
    ]
    if problems:
        raise NotValid(*problems)
