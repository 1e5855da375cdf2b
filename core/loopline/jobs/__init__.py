"""Jobs: durable work enqueued in the caller's transaction, claimed under a lease, done once."""
