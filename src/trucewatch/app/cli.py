"""The command line: every command, with an example, in the order of the help.

What a command does stands in `trucewatch.app.commands`, in the module that this table names.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from trucewatch.app.commands import (
    accounting,
    agreeing,
    asking,
    auditing,
    balancing,
    briefing,
    deconflicting,
    deriving,
    erasing,
    exercising,
    exporting,
    federating,
    holding,
    issuing,
    keying,
    obliging,
    pledging,
    proving,
    receiving,
    regrouping,
    reviewing,
    starting,
    watching,
    witnessing,
)
from trucewatch.app.commands.common import forget
from trucewatch.app.identity import name_identity
from trucewatch.app.terminal import DONE, guarded, say

app = typer.Typer(
    name="trucewatch",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Watch a ceasefire and the promises made around it.\n\n"
    "Start with 'trucewatch demo': it builds a whole mission from real data and says where to "
    "look.",
)
audit = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Check the log without trusting its writer."
)
app.add_typer(audit, name="audit")
federate = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Other sites of the mission: their logs."
)
app.add_typer(federate, name="federate")
key = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The key that signs the log.")
app.add_typer(key, name="key")
agreement = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="What was agreed, as data: is it right?"
)
app.add_typer(agreement, name="agreement")
notice = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Deconfliction notices: for those inside, and never published.",
)
app.add_typer(notice, name="notice")
hotline = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="The log of contacts between parties."
)
app.add_typer(hotline, name="hotline")
commitments = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="What states have promised, what is missing, and what falls due.",
)
app.add_typer(commitments, name="commitments")
statement = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Enter what states have said."
)
app.add_typer(statement, name="statement")
account = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Who can sign in to the web application."
)
app.add_typer(account, name="account")
witness = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Run a witness of a log, or name the witnesses of a mission.",
)
app.add_typer(witness, name="witness")


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
    identity: Annotated[
        Path | None,
        typer.Option(
            "--identity",
            envvar="TRUCEWATCH_IDENTITY",
            help="A file of age identities, to read what is kept encrypted.",
        ),
    ] = None,
) -> None:
    forget()
    name_identity(identity)
    if version:
        from trucewatch import __version__

        say([f"trucewatch {__version__}"])
        raise typer.Exit(DONE)


for does, example in (
    (starting.demo, "demo easter-2026"),
    (starting.init, "init --like template island-truce"),
    (exercising.exercise, "exercise --until '2027-03-03 12:00' drill"),
    (receiving.ingest, "ingest --source patrols patrol-reports.csv"),
    (deriving.run, "run --fail-on breach"),
    (deriving.parameters, "parameters --mission easter-2026"),
    (deriving.learn, "learn --dry-run"),
    (asking.incidents, "incidents --region UA-14 --outcome breach"),
    (asking.explain, "explain inc-1f0c93ab"),
    (holding.compliance, "compliance --format svg --mission easter-2026"),
    (balancing.symmetry, "symmetry --mission easter-2026"),
    (reviewing.findings, "findings --state verified --stale"),
    (
        reviewing.review,
        "review inc-1f0c93ab --ruling confirm --by reviewer-1 --reason 'seen on site'",
    ),
    (
        regrouping.split,
        "split inc-1f0c93ab --claims clm-5b1e --by reviewer-1 --reason 'another village'",
    ),
    (
        regrouping.merge,
        "merge inc-1f0c93ab inc-77aa01d2 --by reviewer-1 --reason 'one strike, two names'",
    ),
    (regrouping.undo, "undo 214 --by reviewer-1 --reason 'the map was wrong'"),
    (reviewing.notify, "notify inc-1f0c93ab --party east --by desk-1"),
    (reviewing.reply, "reply inc-1f0c93ab --party east --by envoy-east --file letter.txt"),
    (
        reviewing.dissent,
        "dissent inc-1f0c93ab --state harbour --by desk-1 --words 'We see no proof.'",
    ),
    (
        reviewing.attribute,
        (
            "attribute inc-1f0c93ab --body commission --party east --how determined "
            "--standard 'clear and convincing' --reason 'the fuse' --by commission-1"
        ),
    ),
    (
        reviewing.determine,
        (
            "determine inc-1f0c93ab --provision P1 --breach --body commission "
            "--standard 'clear and convincing' --reason 'the crater' --by commission-1"
        ),
    ),
    (obliging.obligations, "obligations --open --at 2026-04-12T08:00"),
    (
        obliging.decide,
        "decide obl-1f0c93ab --act take --body commission --by commission-1 --reason 'as agreed'",
    ),
    (watching.watch, "watch --every 600"),
    (watching.receipt, "receipt 12"),
    (receiving.withdraw, "withdraw clm-5b1e --reason 'the editor withdrew it'"),
    (erasing.erase, "erase 12 --reason 'a witness is in danger' --by lead-1"),
    (issuing.bulletin, "bulletin --date 2026-04-12"),
    (issuing.alerts, "alerts --audience public --format cap"),
    (exporting.export, "export --format geojson,hxl,kml --audience public"),
    (briefing.brief, "brief --format html --out briefs monday/*.html"),
    (issuing.serve, "serve --port 8080"),
    (accounting.reads, "reads --what identity --since 2026-04-12"),
):
    app.command(epilog=f"Example: trucewatch {example}")(does)
for name, view, example in (
    ("list", pledging.listing, "list --priority multinational-force --standing signed"),
    ("matrix", pledging.matrix, "matrix --at 2026-03-01 --format svg --out readiness.svg"),
    ("gap", pledging.gap, "gap --domain land"),
    ("due", pledging.due, "due --days 90 --fail-on overdue"),
    ("check", pledging.check, "check commitments.yaml"),
    ("schema", pledging.schema, "schema"),
    ("amounts", pledging.amounts, "amounts data_explorer.csv"),
):
    commitments.command(name, epilog=f"Example: trucewatch commitments {example}")(view)
statement.command(
    epilog="Example: trucewatch statement add N1 --stage authorised --said 2026-03-01 "
    "--source https://example.org/vote --by desk --reason 'the vote was held'"
)(pledging.add)
for audits, example in (
    (auditing.fsck, "fsck --mission easter-2026"),
    (proving.proof, "proof 12 --out entry-12.tlog-proof --mission easter-2026"),
    (proving.check, "check entry-12.tlog-proof --vkey easter-2026/evidence/vkey"),
    (proving.compare, "compare theirs/checkpoint easter-2026 --out fork.tlog-fork"),
    (proving.replay, "replay 2026-04-12 --mission easter-2026"),
    (proving.stamps, "stamps --certificates authority.pem --mission easter-2026"),
):
    audit.command(epilog=f"Example: trucewatch audit {example}")(audits)
for word, federates, example in (
    ("add", federating.add, "example.org/south --vkey south.vkey --from /srv/south"),
    ("pull", federating.pull, "--mission island-truce"),
    ("list", federating.listing, "--mission island-truce"),
):
    federate.command(word, epilog=f"Example: trucewatch federate {word} {example}")(federates)
for word, keyed, example in (
    ("rotate", keying.rotate, "--by lead-1 --reason 'one year has passed'"),
    ("compromised", keying.compromised, "--by lead-1 --reason 'a laptop was stolen'"),
    ("list", keying.listing, "--mission easter-2026"),
    ("check", keying.check, "shown-to-us.checkpoint --mission easter-2026"),
):
    key.command(word, epilog=f"Example: trucewatch key {word} {example}")(keyed)
for word, of_witness, example in (
    ("init", witnessing.init, "harbour --name witness.example.org/harbour"),
    ("watch", witnessing.watch, "harbour example.org/isle+0f1e2d3c+AQ…"),
    ("serve", witnessing.serve, "harbour --port 8100"),
    ("show", witnessing.shown, "harbour"),
    (
        "add",
        witnessing.add,
        "harbour --vkey witness.example.org/harbour+0a1b2c3d+BB… --url https://witness.example.org",
    ),
    ("list", witnessing.listing, "--mission easter-2026"),
):
    witness.command(word, epilog=f"Example: trucewatch witness {word} {example}")(of_witness)
for word, accounted, example in (
    ("add", accounting.add, "lead-1"),
    ("list", accounting.listing, "--mission easter-2026"),
    ("password", accounting.password, "lead-1 --generate"),
    ("remove", accounting.remove, "lead-1"),
    ("token", accounting.token, "patrol-3 --scopes read,report --days 30"),
    ("revoke", accounting.revoke, "tok-1f0c93ab"),
    ("sessions", accounting.sessions, "lead-1 --end"),
    ("factor", accounting.factor, "lead-1 --reset"),
):
    account.command(word, epilog=f"Example: trucewatch account {word} {example}")(accounted)
agreement.command("check", epilog="Example: trucewatch agreement check agreement.yaml")(
    agreeing.check
)
agreement.command("show", epilog="Example: trucewatch agreement show --picture zones.svg")(
    agreeing.shown
)
agreement.command("schema", epilog="Example: trucewatch agreement schema")(agreeing.schema)
for word, command, example in (
    ("add", deconflicting.add, "--by duty-desk --file notices.geojson"),
    ("list", deconflicting.listing, "--mission island-truce"),
    ("acknowledge", deconflicting.acknowledge, "ntc-1f0c93ab --by duty-desk"),
    ("amend", deconflicting.amend, "ntc-1f0c93ab --width-m 900 --by duty-desk --reason wider"),
    ("cancel", deconflicting.cancel, "ntc-1f0c93ab --by duty-desk --reason 'road closed'"),
    ("match", deconflicting.match, "--incident inc-1f0c93ab"),
    ("token", deconflicting.token, "--by duty-desk"),
    ("serve", deconflicting.serve, "--port 8090"),
):
    notice.command(word, epilog=f"Example: trucewatch notice {word} {example}")(command)
hotline.command(
    "add",
    epilog="Example: trucewatch hotline add --by duty-desk --at 2026-04-12T08:00 "
    "--party north --party south --channel telephone --subject bridge",
)(deconflicting.hotline_add)
hotline.command("list", epilog="Example: trucewatch hotline list --json")(
    deconflicting.hotline_list
)


def main() -> None:
    """Run the command line; a fault prints one line and exits 2."""
    sys.exit(guarded(app))
