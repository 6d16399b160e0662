"""JSON, TOML, YAML and XML of a pull request as plain trees with lines, bounded in depth."""
