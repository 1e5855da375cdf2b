"""The contracts plugin of Loopline."""
