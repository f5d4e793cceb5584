"""Who is who: passwords, sessions, tokens, sign-in by another provider; never what they may do."""
