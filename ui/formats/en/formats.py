"""Days as they may be sent: ISO, or with the month in letters. 03/04/2026 is two days, and is refused."""

DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y"]
