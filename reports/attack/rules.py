"""What this project promises, as an attacker judges it: written down apart from the code that has to keep it."""

SMALL = 10
"""Nothing may tell that fewer people than this gave an answer."""

NARROWEST = 5
"""A hidden count may not be told within fewer than this."""

STEP = 5
"""Published counts are multiples of this."""

FEWEST_IN_COLUMN, FEWEST_FOR_PERCENT, FEWEST_RESPONSES = 30, 30, 50

MOST_HIDDEN_PEOPLE = 0.15
"""From 1,000 responses on, at most this share of those who answered may stand in hidden cells."""

FEWEST_FOR_MEAN = 50
"""People behind a mean, and behind the difference of two."""

FEWEST_FOR_MOMENTS = 200
"""People behind means and covariances of a scale's rows, and behind what is left when they are subtracted."""

SHORTEST_SCALE = 3
"""From the lowest score to the highest, at least."""

MOMENT_DECIMALS = 2
"""Of covariances."""
