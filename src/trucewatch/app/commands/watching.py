"""Commands that go on: the same as taking in and running, continuously."""

from typing import Annotated

import typer

from trucewatch.app.commands.common import HERE, MARK, JsonOption, MissionOption, show


def watch(
    every: Annotated[
        int, typer.Option(min=1, max=86400, help="Seconds between two calls on the witnesses.")
    ] = 600,
    once: Annotated[
        bool, typer.Option("--once", help="Take in what lies in the inbox, run, and stop.")
    ] = False,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Take in what is put into inbox/, run, and have the log cosigned, until it is stopped.

    Folders are all that is watched: feeds, MQTT and HTTP are not there yet.
    """
    import json
    import signal
    import threading
    from datetime import timedelta

    from trucewatch.app.mission import Mission
    from trucewatch.app.terminal import say
    from trucewatch.app.watching import POLL_S, Event, Watcher

    with Mission.open(mission) as opened:
        opened.sync_settings()
        zone = opened.configuration().zone
        drill = opened.configuration().mission.mission.exercise

    def tell(event: Event) -> None:
        local = event["at"].astimezone(zone)
        if as_json:
            mark = {"exercise": True} if drill else {}
            say([json.dumps({**event, "at": local.isoformat(timespec="seconds"), **mark})])
        else:
            say([f"{local:%Y-%m-%d %H:%M:%S %Z}  {event['what']:<9} {event['words']}"])

    if drill and not as_json:
        say([MARK])
    watcher = Watcher(mission.resolve(), timedelta(seconds=every), tell)
    if once:
        watcher.look(at_once=True)
        return
    stop = threading.Event()
    before = {
        one: signal.signal(one, lambda *_: stop.set()) for one in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        watcher.look()
        while not stop.wait(POLL_S):
            watcher.look()
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def receipt(
    entry: Annotated[int, typer.Argument(min=0, help="A log index, as a receipt gave it.")],
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Show the receipt of a log entry, its grade, and which witnesses stand behind it."""
    from trucewatch.app.mission import Mission
    from trucewatch.app.witnessing import receipts

    with Mission.open(mission, readonly=True) as opened:
        data = receipts.receipt(opened, entry)
    show(data, lambda: receipts.lines(data), as_json=as_json)
