"""Activities: whole ones, their six kinds of statement, short forms and long."""
