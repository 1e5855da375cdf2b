"""The pipeline plugin of Loopline."""
