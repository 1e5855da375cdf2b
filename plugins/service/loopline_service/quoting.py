"""What somebody wrote in a mail, apart from what they answer to."""

import re
from typing import Final

from loopline_service.texts import texts

_INTRODUCES: Final = re.compile(
    r"\s*(?:>.*|.*(?:wrote|写道|寫道)\s*[:：]\s*"
    r"|(?:\*?(?:From|Sent|To|Cc|Subject|Date|发件人|发送时间|时间|收件人|抄送|主题)\*?\s*[:：].*)"
    r"|[-_\s]*(?:Original Message|原始邮件|原邮件)?[-_\s]*)",
    re.IGNORECASE,
)
"""Lines with which mail programs introduce what they quote."""
_BEGINS: Final = ("On ", "在 ", "> ")


def without_quote(text: str) -> str:
    """Answer what was written above our own mail; all of it where that is not quoted, or is all."""
    lines, above = text.splitlines(), tuple(texts("mail.above").values())
    quoted = next((at for at, one in enumerate(lines) if any(m in one for m in above)), None)
    if quoted is None:
        return text
    kept = lines[:quoted]
    while kept and _INTRODUCES.fullmatch(kept[-1]):
        said = kept.pop().strip()
        if said.endswith((":", "：")) and kept and kept[-1].startswith(_BEGINS):
            kept.pop()  # the introduction was broken in two
    return "\n".join(kept).strip() or text
