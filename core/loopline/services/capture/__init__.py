"""Capture: what strangers send by form, program or mail becomes a record, by the one door."""
