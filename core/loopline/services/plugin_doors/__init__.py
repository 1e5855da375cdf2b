"""What plugins reach besides records, a door a concern."""
