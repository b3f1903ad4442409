"""A whole installation whose parts are killed while people buy: nothing may be lost and nothing done twice."""
