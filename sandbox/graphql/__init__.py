"""The GraphQL API. Nodes are dicts whose values may be functions of a field's arguments."""
