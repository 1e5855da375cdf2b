"""The reports plugin of Loopline."""
