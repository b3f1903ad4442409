"""Uploaded files and their renditions."""
