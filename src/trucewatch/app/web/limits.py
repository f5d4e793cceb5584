"""How often one may call: a bucket of tokens for each caller, and no memory that callers fill."""

from __future__ import annotations

from collections import OrderedDict
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from math import ceil
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

CALLERS_KEPT = 10_000
_V4, _V6 = 24, 56


class Bucket:
    """Lets a caller call so often a minute, all at once or spread; `clock` counts seconds."""

    def __init__(self, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def call(self, caller: str, most: int) -> int:
        """Count one call and give 0; where it is one too many, the seconds to wait.

        Of more callers than are kept the one that called longest ago is forgotten.
        """
        with self._lock:
            now = self._clock()
            left, since = self._left.pop(caller, (float(most), now))
            left = min(float(most), left + (now - since) * most / 60)
            wait = 0 if left >= 1 else ceil((1 - left) * 60 / most)
            self._left[caller] = (left if wait else left - 1, now)
            if len(self._left) > CALLERS_KEPT:
                self._left.popitem(last=False)
            return wait


def network(peer: str, forwarded: str, proxies: tuple[str, ...]) -> str:
    """The network that a call comes from: a /24, or a /56 of IPv6, as one house has at least that.

    What a proxy of our own says is believed, from the last address backwards to the first that is
    none of ours; what anybody else says is not.
    """
    found = peer
    for hop in reversed([one.strip() for one in forwarded[:2000].split(",") if one.strip()]):
        if found not in proxies:
            break
        found = hop
    try:
        address: IPv4Address | IPv6Address = ip_address(found)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return str(ip_network((address, _V4 if address.version == 4 else _V6), strict=False))
