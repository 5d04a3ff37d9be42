"""What a page asks for, as values: the model, its arguments, its input, and how the figure looks."""
