"""The package for the auditor: a bag that anybody can check, without this product."""
