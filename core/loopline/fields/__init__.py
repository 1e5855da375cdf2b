"""Field types: how each kind of value is read, checked, stored and shown."""
