"""Activities: whole processing activities, each described by six kinds of statement."""
