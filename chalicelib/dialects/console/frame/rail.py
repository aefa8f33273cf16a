"""The pages that are named beside every page, in their order: a new one adds its line."""

RAIL = (
    ("/home", "Home"),
    ("/runs", "Runs"),
    ("/calendar", "Calendar"),
    ("/runners", "Runners"),
)
