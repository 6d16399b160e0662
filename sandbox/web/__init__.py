"""The pages: what a person sees of repositories and pull requests."""
