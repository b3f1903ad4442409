"""The whole extension surface: markers, value types, specifications in twelve areas, and the registry that
calls them.
"""
