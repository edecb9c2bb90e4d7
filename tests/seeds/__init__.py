"""The product's own files: complete, consistent, and brought in once."""
