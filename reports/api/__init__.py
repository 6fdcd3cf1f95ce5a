"""The REST API of reports: what programs read and ask for, under /api/v1/."""
