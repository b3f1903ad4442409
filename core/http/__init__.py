"""What pages and API share of Flask: edges, auth, errors, schemas."""
