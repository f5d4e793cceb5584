"""The command on whether both sides are treated alike."""

from trucewatch.app.commands.asking import BEHIND
from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, show
from trucewatch.app.terminal import complain


def symmetry(mission: MissionOption = HERE, as_json: JsonOption = False) -> None:
    """Put the parties beside one another: what is detected, verified, and how fast."""
    from trucewatch.app.findings import symmetry as of
    from trucewatch.app.mission import Mission

    with Mission.open(mission, readonly=True) as opened:
        data = of.audit(opened)
    show(data, lambda: of.lines(data), as_json=as_json)
    if not data["up_to_date"]:
        complain(BEHIND)
