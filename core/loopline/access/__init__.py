"""Access: who acts, how they prove it, and the context in which they act."""
