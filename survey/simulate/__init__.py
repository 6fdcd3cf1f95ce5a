"""Plausible respondents for rehearsals.

`population` says whom to invent, `respondent` invents them (both without a database), `sending` sends their forms.
"""
