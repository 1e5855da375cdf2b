"""Browsers named as people know them."""

import pytest

from loopline.web.pages.devices import device_name

MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)"
IOS = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (f"{MAC} Chrome/120.0 Safari/537.36 Edg/120.0", "Edge · macOS"),
        (f"{MAC} Chrome/120.0 Safari/537.36", "Chrome · macOS"),
        (f"{IOS} Mobile MicroMessenger/8.0", "WeChat · iPhone"),
        (f"{IOS} Version/17.0 Safari/604.1", "Safari · iPhone"),
        ("python-httpx/0.27", "python-httpx/0.27"),
        ("", ""),
    ],
)
def test_a_browser_is_named(agent: str, name: str) -> None:
    assert device_name(agent) == name
