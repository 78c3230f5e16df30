"""Which addresses a file may be fetched from."""

from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

import requests

from frugalseg.core.errors import FrugalsegError


def check_url(url: str) -> None:
    """Raise FrugalsegError unless `url` is https (or http on this machine) without a password."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise FrugalsegError(f"{url}: not an address ({error}). Correct it.") from error
    if parts.username or parts.password:
        raise FrugalsegError(
            f"An address on {parts.hostname} holds a user name or password, which would end up in "
            "reports. Put them into ~/.netrc."
        )
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise FrugalsegError(f"{url}: expected an address that begins with https://.")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise FrugalsegError(
            f"{url}: anybody on the network path could change what comes over http. Use https, or "
            "download it by hand, check it, and use `file:`."
        )


def is_loopback(host: str) -> bool:
    """Say whether `host`, a name or an address, is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class CheckedSession(requests.Session):
    """A session that applies `check_url` to every redirect."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return the address that `resp` redirects to; raises FrugalsegError if it is refused."""
        target = super().get_redirect_target(resp)
        if target is not None:
            check_url(urljoin(resp.url, target))
        return target
