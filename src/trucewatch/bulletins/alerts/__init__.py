"""Takes what may be published; gives alerts by CAP 1.2, and takes them back where they fall."""

from __future__ import annotations

from trucewatch.bulletins.alerts.cap import faults, render_alert_json, render_cap
from trucewatch.bulletins.alerts.nouns import (
    Alert,
    Circle,
    Desk,
    Info,
    Message,
    Reference,
    Scope,
    Sent,
    Status,
)
from trucewatch.bulletins.alerts.send import alerts

__all__ = [
    "Alert",
    "Circle",
    "Desk",
    "Info",
    "Message",
    "Reference",
    "Scope",
    "Sent",
    "Status",
    "alerts",
    "faults",
    "render_alert_json",
    "render_cap",
]
