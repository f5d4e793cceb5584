"""Articles and statements in, stories out: what is agreed, what is disputed, who said it first."""
