"""What each command does, by theme; `trucewatch.app.cli` lists them all in the order of the help.

Heavy imports stay inside the commands, so that --help answers at once. Annotations are read as the
program runs, as they are what the options are made from: no module here postpones them.
"""
