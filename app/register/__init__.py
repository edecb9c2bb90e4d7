"""The assembled read side: derived rows, facts and questions. It never changes what was stated."""
