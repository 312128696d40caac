"""Documents of vendors: kept as evidence, with their days, and what a report expects of us and of others."""
