"""The storefront: what buyers see."""
