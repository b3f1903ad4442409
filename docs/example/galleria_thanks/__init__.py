"""A discount for buyers who came back: the example of a plugin that lives outside of Galleria's tree."""
