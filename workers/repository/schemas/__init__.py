"""Schema languages: Protocol Buffers, OpenAPI and JSON Schema."""
