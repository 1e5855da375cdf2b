"""The service plugin of Loopline."""
