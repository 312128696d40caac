"""When changes happen: the calendar, times in which nothing is changed, and what may go all the same."""
