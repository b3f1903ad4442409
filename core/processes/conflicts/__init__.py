"""Disputes between buyer and merchant: negotiated, mediated, or taken to arbitration or court, with one file of evidence."""
