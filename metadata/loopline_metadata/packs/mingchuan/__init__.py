"""What the company of the demo set up for itself, and what it went through in a year."""
