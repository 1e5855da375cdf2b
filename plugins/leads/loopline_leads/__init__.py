"""The leads plugin of Loopline."""
