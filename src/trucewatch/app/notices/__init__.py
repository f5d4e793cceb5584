"""Deconfliction: notices and contacts, by command line, API and form; never public."""
