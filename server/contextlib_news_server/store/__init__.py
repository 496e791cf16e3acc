"""The claim database: tables, migrations, and functions that take a connection."""
