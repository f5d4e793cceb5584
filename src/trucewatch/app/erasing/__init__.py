"""Erasure: a payload goes by the word of two people, and its entry stays."""
