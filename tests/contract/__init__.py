"""The contract with callers: OpenAPI, problems and their texts, the pages of operation."""
