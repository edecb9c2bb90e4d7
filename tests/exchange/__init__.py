"""Register bundles: what is taken in, what is refused, and what comes out again."""
