"""Working calendars: hours, holidays and make-up days, and the arithmetic of deadlines on them."""
