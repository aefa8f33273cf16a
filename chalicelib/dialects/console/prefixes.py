"""The prefixes of the console's pages, apart from their rows: the app knows them before it imports any."""

PREFIXES = ("/home", "/login", "/logout", "/looks", "/runs", "/logs", "/calendar", "/runners", "/static")
