"""Findings and people: the queue, what is entered, how a truce holds, how parties are treated."""
