"""What is for sale: categories, listings, variants, stock, storefront queries."""
