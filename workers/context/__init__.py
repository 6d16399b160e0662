"""What the model is given to read: fragments of code with their source, fitted to a budget."""
