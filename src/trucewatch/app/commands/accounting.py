"""Commands on accounts: who may sign in, by what; and who looked at what must stay sealed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, day_of, show

if TYPE_CHECKING:
    from trucewatch.app.web.accounts.entering import Accounts

PersonArgument = Annotated[str, typer.Argument(help="The person, by their id in [[people]].")]
PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", help="A file whose first line is the password; - is stdin."),
]
Generate = Annotated[bool, typer.Option("--generate", help="Make one, and show it this once.")]
HOW = "command line"


def add(
    person: PersonArgument,
    password_file: PasswordFile = None,
    generate: Generate = False,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Give a person of mission.toml an account; the password is asked for unless it is given."""
    from trucewatch.errors import Refused

    accounts = _accounts(mission)
    accounts.person(person)
    if accounts.store.password(person) is not None:
        raise Refused(f"{person} has an account: 'trucewatch account password' changes it")
    _set(accounts, person, password_file, generate=generate, as_json=as_json)


def password(
    person: PersonArgument,
    password_file: PasswordFile = None,
    generate: Generate = False,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Give an account another password; whoever is signed in to it is signed out."""
    accounts = _accounts(mission)
    _known(accounts, person)
    _set(accounts, person, password_file, generate=generate, as_json=as_json)


def listing(mission: MissionOption = HERE, as_json: JsonOption = False) -> None:
    """List those of [[people]], and what each can get in by."""
    accounts = _accounts(mission)
    now = accounts.now().timestamp()
    made = {one.person: one for one in accounts.store.accounts()}
    people = accounts.settings.now().people
    rows = []
    for name in sorted({*made, *(one.id for one in people)}):
        office = accounts.settings.person(name)
        sessions = [one for one in accounts.store.sessions(name) if accounts.lasts(one)]
        tokens = [
            {
                "id": one.id,
                "scopes": sorted(one.scopes),
                "made": _moment(accounts, one.made),
                "expires": _moment(accounts, one.expires),
                "used": _moment(accounts, one.used),
                "over": one.expires is not None and now >= one.expires,
            }
            for one in accounts.store.tokens(name)
        ]
        held = made.get(name)
        rows.append(
            {
                "person": name,
                "roles": list(office.roles) if office else [],
                "password_set": None if held is None else _moment(accounts, held.changed),
                "provider": bool(office and office.oidc_subject),
                "second_factor": accounts.second.is_asked(name),
                "must_have_second": bool(office and accounts.must_have_second(office)),
                "sessions": len(sessions),
                "tokens": tokens,
            }
        )
    data = {"accounts": rows, "zone": accounts.settings.now().mission.timezone}
    show(data, lambda: _lines(data), as_json=as_json)


def remove(
    person: PersonArgument, mission: MissionOption = HERE, as_json: JsonOption = False
) -> None:
    """Remove an account with its sessions and tokens; the person stays in mission.toml."""
    from trucewatch.errors import NotFound

    accounts = _accounts(mission)
    if not accounts.remove(person, how=HOW):
        raise NotFound(f"{person!r} has no account and no token here")
    show({"person": person, "removed": True}, lambda: [f"{person}: removed"], as_json=as_json)


def token(
    person: PersonArgument,
    scopes: Annotated[
        str, typer.Option(help="What it may do: of read, report, review, reply, notice.")
    ],
    days: Annotated[int | None, typer.Option(help="How long it counts; else until revoked.")] = 90,
    forever: Annotated[bool, typer.Option("--forever", help="Until it is revoked.")] = False,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Make a secret by which a program acts for a person; it is shown this once."""
    accounts = _accounts(mission)
    asked = frozenset(part.strip() for part in scopes.split(",") if part.strip())
    try:
        name, secret = accounts.give_token(person, asked, days=None if forever else days, how=HOW)
    except ValueError as fault:
        raise typer.BadParameter(str(fault)) from None
    data = {"person": person, "id": name, "scopes": sorted(asked), "token": secret}
    said = [secret, f"{name} of {person}, shown this once: only its hash is kept."]
    show(data, lambda: said, as_json=as_json)


def revoke(
    identifier: Annotated[str, typer.Argument(help="The token, as 'account list' names it.")],
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Take a token out of use."""
    from trucewatch.errors import NotFound

    person = _accounts(mission).revoke(identifier, how=HOW)
    if person is None:
        raise NotFound(f"no token {identifier!r}: 'trucewatch account list' shows those there are")
    data = {"id": identifier, "person": person, "revoked": True}
    show(data, lambda: [f"{identifier} of {person}: revoked"], as_json=as_json)


def sessions(
    person: Annotated[str | None, typer.Argument(help="Only those of this person.")] = None,
    end: Annotated[bool, typer.Option("--end", help="Sign that person out everywhere.")] = False,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """List who is signed in, or sign a person out everywhere."""
    accounts = _accounts(mission)
    if end and person is None:
        raise typer.BadParameter("say whom to sign out")
    ended = accounts.sign_out_everywhere(person, how=HOW) if end and person else 0
    rows = [
        {
            "person": one.person,
            "how": one.how,
            "since": _moment(accounts, one.made),
            "seen": _moment(accounts, one.seen),
        }
        for one in accounts.store.sessions(person)
        if accounts.lasts(one)
    ]
    zone = accounts.settings.now().mission.timezone
    data: dict[str, Any] = {"sessions": rows, "ended": ended, "zone": zone}
    said = [f"{ended} ended."] if end else []
    said += [
        f"{row['person']}, by {row['how']}, since {row['since']}, seen {row['seen']} ({zone})"
        for row in rows
    ] or ["Nobody is signed in."]
    show(data, lambda: said, as_json=as_json)


def factor(
    person: PersonArgument,
    reset: Annotated[
        bool, typer.Option("--reset", help="Take it off, and sign that person out everywhere.")
    ] = False,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Tell whether a person has a second factor; take it off where the device is lost."""
    from trucewatch.errors import NotFound

    accounts = _accounts(mission)
    found = accounts.store.factor(person)
    since = None if found is None or found.confirmed is None else found.confirmed
    if reset and not accounts.second.remove(person, how=HOW, reason="reset"):
        raise NotFound(f"{person!r} has no second factor here")
    zone = accounts.settings.now().mission.timezone
    data = {
        "person": person,
        "since": _moment(accounts, since),
        "recovery_codes": accounts.store.recovery_left(person),
        "reset": reset,
        "zone": zone,
    }
    said = f"{person}: no second factor"
    if reset:
        said = f"{person}: the second factor is taken off, and every session ended"
    elif since is not None:
        left = data["recovery_codes"]
        said = f"{person}: since {data['since']} ({zone}), {left} recovery codes left"
    show(data, lambda: [said], as_json=as_json)


def reads(
    by: Annotated[str | None, typer.Option("--by", help="Only what this person did.")] = None,
    what: Annotated[
        str | None, typer.Option(help="Only this, such as identity, bytes, notices or sign-in.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="From this local day on.")] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """List who opened what is sealed, who signed in and who was refused; for the lead."""
    from zoneinfo import ZoneInfo

    from trucewatch.app.web.accounts.noting import listed, sifted

    zone = _accounts(mission).settings.now().mission.timezone
    rows = sifted(listed(mission, ZoneInfo(zone)), by=by, what=what, since=day_of(since))
    data = {"reads": rows, "zone": zone}
    said = [
        f"{row['at']} ({zone})  {row['what']}: {row['by'] or 'unknown'}, by {row['how']}"
        + (f", {row['id']}" if row["id"] else "")
        + (f": {row['reason']}" if row["reason"] else "")
        for row in rows
    ] or ["Nothing has been noted."]
    show(data, lambda: said, as_json=as_json)


def _accounts(mission: Path) -> "Accounts":
    from trucewatch.app.web.accounts.entering import Accounts

    accounts = Accounts(mission)
    accounts.settings.now()
    return accounts


def _known(accounts: "Accounts", person: str) -> None:
    from trucewatch.errors import NotFound

    if accounts.store.password(person) is None:
        raise NotFound(f"{person!r} has no account: 'trucewatch account add' makes one")


def _set(
    accounts: "Accounts", person: str, file: Path | None, *, generate: bool, as_json: bool
) -> None:
    import secrets
    import sys

    if file is not None and generate:
        raise typer.BadParameter("give --password-file or --generate, not both")
    if generate:
        given = secrets.token_urlsafe(18)
    elif file is not None:
        text = sys.stdin.read(4096) if str(file) == "-" else file.read_text("utf-8")[:4096]
        given = text.split("\n", 1)[0].removesuffix("\r")
    else:
        given = typer.prompt(f"Password for {person}", hide_input=True, confirmation_prompt=True)
    accounts.set_password(person, given, how=HOW)
    data: dict[str, Any] = {"person": person}
    said = [f"{person} can sign in now."]
    if generate:
        data["password"] = given
        said = [given, f"For {person}, shown this once: only its hash is kept."]
    show(data, lambda: said, as_json=as_json)


def _moment(accounts: "Accounts", at: int | None) -> str | None:
    from datetime import UTC, datetime

    if at is None:
        return None
    return accounts.local(datetime.fromtimestamp(at, UTC)).isoformat(timespec="minutes")


def _lines(data: dict[str, Any]) -> list[str]:
    said = []
    for row in data["accounts"]:
        ways = [f"password of {row['password_set']}"] if row["password_set"] else []
        ways += ["provider"] if row["provider"] else []
        if ways and row["second_factor"]:
            ways.append("code")
        elif ways and row["must_have_second"]:
            ways.append("code, still to be set up")
        roles = ", ".join(row["roles"]) or "no longer in mission.toml"
        said.append(
            f"{row['person']} ({roles}): {' and '.join(ways) or 'cannot sign in'}; "
            f"signed in {row['sessions']} times"
        )
        for one in row["tokens"]:
            ends = "over" if one["over"] else f"until {one['expires'] or 'revoked'}"
            used = one["used"] or "never"
            said.append(f"    {one['id']}: {', '.join(one['scopes'])}, {ends}, last used {used}")
    return [*said, f"Times are those of {data['zone']}."]
