"""Commands for auditors: proofs that travel, two logs held together, bulletins made anew."""

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, show
from trucewatch.app.terminal import NO


def proof(
    entry: Annotated[
        str, typer.Argument(help="An index, a leaf hash, a payload's SHA-256, a report or a claim.")
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The file to write.", show_default="entry-N.tlog-proof"),
    ] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Write a proof that an entry is in the log, for anyone to check offline."""
    from trucewatch.app.auditing import proving

    data = proving.write_proof(mission, entry, out)
    show(data, lambda: proving.proof_lines(data), as_json=as_json)


def check(
    file: Annotated[Path, typer.Argument(help="The proof.")],
    vkey: Annotated[
        list[str] | None,
        typer.Option("--vkey", help="The log's key: a file, or the text itself. May be repeated."),
    ] = None,
    witness: Annotated[
        list[str] | None,
        typer.Option("--witness", help="A witness's key, the same way. May be repeated."),
    ] = None,
    quorum: Annotated[
        int | None,
        typer.Option(
            "--quorum", help="How many of the witnesses must have signed.", show_default="all"
        ),
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option("--policy", help="A C2SP tlog-policy, in place of keys and quorum."),
    ] = None,
    payload: Annotated[
        Path | None, typer.Option("--payload", help="The bytes that the entry must name.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check a proof offline; exit 1 if it does not hold."""
    from trucewatch.app.auditing import proving

    believed = proving.policy_from(
        vkeys=vkey or (), witnesses=witness or (), quorum=quorum, policy=policy
    )
    data = proving.checked(file, believed, payload)
    show(data, lambda: proving.check_lines(data), as_json=as_json)
    if not data["holds"]:
        raise typer.Exit(NO)


def compare(
    one: Annotated[
        Path, typer.Argument(help="A checkpoint, a log's folder, a seal or a proof.", metavar="A")
    ],
    other: Annotated[Path, typer.Argument(help="The same, of another party.", metavar="B")],
    vkey: Annotated[
        list[str] | None,
        typer.Option(
            "--vkey",
            help="The log's key: a file, or the text itself. May be repeated.",
            show_default="what the folders say",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Where to write the proof of a fork.", show_default="fork-M-N.tlog-fork"
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare what two parties were shown of a log; exit 1 for a fork or if it cannot be told."""
    from trucewatch.app.auditing import comparing, proving

    keys = [proving.key_text(text) for text in vkey or ()]
    data = comparing.compared(one, other, keys, out)
    show(data, lambda: comparing.lines(data), as_json=as_json)
    if data["relation"] not in {"same", "grew"}:
        raise typer.Exit(NO)


def replay(
    bulletin: Annotated[
        str | None, typer.Argument(help="A stem such as 2026-04-12, a seal, or a file of it.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every bulletin that was issued.")] = False,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Make a bulletin anew from the log alone; exit 1 unless it is the same byte for byte."""
    from trucewatch.app.auditing import telling
    from trucewatch.app.auditing.replay import replay as make_anew

    if every is (bulletin is not None):
        raise typer.BadParameter("name one bulletin, or --all of them")
    data = make_anew(mission, bulletin)
    show(data, lambda: telling.lines(data), as_json=as_json)
    if not data["ok"]:
        raise typer.Exit(NO)


def stamps(
    certificates: Annotated[
        Path | None,
        typer.Option(
            "--certificates",
            help="A PEM file of authorities to believe.",
            show_default="what mission.toml names",
        ),
    ] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Say by when each time stamp shows the log to have stood; exit 1 if one does not hold."""
    from trucewatch.app.auditing import stamps as stamping

    data = stamping.stamps(mission, certificates)
    show(data, lambda: stamping.lines(data), as_json=as_json)
    if not data["ok"]:
        raise typer.Exit(NO)
