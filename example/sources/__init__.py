"""The eight systems of Larkfield Software: what they hold, and their exports in the formats that the sources really write."""
