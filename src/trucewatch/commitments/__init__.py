"""What states have promised, and what falls due."""

from __future__ import annotations

from trucewatch.commitments.obligations import open_obligations
from trucewatch.commitments.pledges import PRIORITIES, STAGES, read_pledges
from trucewatch.commitments.reported import reported

__all__ = ["PRIORITIES", "STAGES", "open_obligations", "read_pledges", "reported"]
