"""The loyalty plugin of Loopline."""
