"""The API: REST under /api/v1, the same services as the pages, described by OpenAPI 3.1 from the code."""
