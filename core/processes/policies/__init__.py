"""The marketplace's own rules: drafted, put to comment, published ahead, in force, kept, accepted or left."""
