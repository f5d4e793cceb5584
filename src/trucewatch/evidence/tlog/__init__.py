"""The public formats of C2SP: trees, signed notes, cosignatures, policies. Pure."""
