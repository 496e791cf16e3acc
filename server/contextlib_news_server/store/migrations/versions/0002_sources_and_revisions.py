"""Sources and revisions of everything; claims with drafts beside them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
LONG_KEY = sa.String(600).with_variant(sa.String(600, collation="C"), "postgresql")
MOMENT = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables and move claims and their revisions into them."""
    _clear_names()
    op.create_table(
        "sources",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("licence", sa.Text),
        sa.Column("method", sa.Text),
        sa.Column("date", MOMENT),
        sa.Column("remark", sa.Text),
        sa.Column("imported", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_sources"),
        sa.UniqueConstraint("name", name="uq_sources_name"),
    )
    op.create_table(
        "revisions",
        sa.Column("number", BIG, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", LONG_KEY, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20)),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("source", sa.Integer),
        sa.Column("after", sa.Text),
        sa.PrimaryKeyConstraint("number", name="pk_revisions"),
        sa.UniqueConstraint("kind", "key", "revision", name="uq_revisions_kind"),
    )
    op.create_table(
        "claims",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.Column("change", sa.Integer, nullable=False),
        sa.Column("touched", BIG, nullable=False),
        sa.Column("edited_by", sa.String(200)),
        sa.Column("pending", sa.Text),
        sa.Column("pending_base", sa.Integer),
        sa.Column("valid_until", MOMENT),
        sa.Column("words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_claims"),
        sa.UniqueConstraint("id", name="uq_claims_id"),
    )
    op.create_index("ix_claims_change", "claims", ["change"])
    op.create_index("ix_claims_stage_number", "claims", ["stage", "number"])
    op.create_index("ix_claims_stage_touched", "claims", ["stage", "touched"])
    op.create_index("ix_claims_state_id", "claims", ["state", "id"])
    op.create_index("ix_claims_state_updated", "claims", ["state", "updated", "number"])
    op.create_index("ix_claims_valid_until", "claims", ["valid_until", "number"])
    op.create_table(
        "claim_facets",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("value", LONG_KEY, nullable=False),
        sa.Column("claim", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.number"], name="fk_claim_facets_claim_claims"),
        sa.PrimaryKeyConstraint("kind", "value", "claim", name="pk_claim_facets"),
    )
    op.create_index("ix_claim_facets_claim", "claim_facets", ["claim"])
    op.create_table(
        "claim_sources",
        sa.Column("source", sa.Integer, nullable=False),
        sa.Column("claim", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("document", sa.Text),
        sa.ForeignKeyConstraint(["claim"], ["claims.number"], name="fk_claim_sources_claim_claims"),
        sa.ForeignKeyConstraint(
            ["source"], ["sources.number"], name="fk_claim_sources_source_sources"
        ),
        sa.PrimaryKeyConstraint("source", "claim", name="pk_claim_sources"),
    )
    op.create_index("ix_claim_sources_claim", "claim_sources", ["claim"])
    _move()
    _index_words()


# What a seed and an import of the first release left in the history names their sources.
STARTER = "starter claims"
IMPORTED = "imported from "
SOURCE_OF = (
    f"CASE WHEN claim_revisions.made_by = 'seed' THEN '{STARTER}' "
    f"ELSE substr(reason, {len(IMPORTED) + 1}, 200) END"
)
FROM_SOURCE = (
    "(claim_revisions.made_by = 'seed' "
    f"OR claim_revisions.made_by = 'import' AND reason LIKE '{IMPORTED}%')"
)


def _clear_names() -> None:
    """Put the old tables aside under names that the new ones do not need."""
    op.drop_index("ix_claims_change", "claims")
    op.drop_index("ix_claims_state_id", "claims")
    op.rename_table("claims", "claims_0001")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE claims_0001 RENAME CONSTRAINT pk_claims TO pk_claims_0001")


def _move() -> None:
    op.execute(
        "INSERT INTO revisions (number, kind, key, revision, state, made, made_by, reason, after) "
        "SELECT number, 'claim', claim_id, revision, 'published', made, made_by, reason, after "
        "FROM claim_revisions ORDER BY number"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('revisions', 'number'), "
            "(SELECT coalesce(max(number), 0) + 1 FROM revisions), false)"
        )
    op.execute(
        "INSERT INTO claims (id, revision, state, stage, document, created, updated, change, "
        "touched, words) SELECT id, revision, state, state, document, created, updated, change, "
        "coalesce((SELECT max(number) FROM claim_revisions WHERE claim_id = claims_0001.id), 0), "
        "'' FROM claims_0001 ORDER BY id"
    )
    op.execute(
        "INSERT INTO sources (name, kind, state, imported, made_by, revision) "  # noqa: S608  # constants
        f"SELECT {SOURCE_OF}, CASE WHEN min(made_by) = 'seed' THEN 'starter' ELSE 'claims' END, "
        f"'active', max(made), min(made_by), 1 FROM claim_revisions WHERE {FROM_SOURCE} "
        f"GROUP BY {SOURCE_OF} ORDER BY min(number)"
    )
    op.execute(
        "INSERT INTO claim_sources (source, claim, revision) "  # noqa: S608  # constants
        "SELECT sources.number, claims.number, max(claim_revisions.revision) "
        "FROM claim_revisions JOIN claims ON claims.id = claim_id "
        f"JOIN sources ON sources.name = {SOURCE_OF} WHERE {FROM_SOURCE} "
        "GROUP BY sources.number, claims.number"
    )
    op.drop_table("claim_revisions")
    op.drop_table("claims_0001")


def _index_words() -> None:
    """Make the full-text index, which either database has in a way of its own."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE INDEX ix_claims_words ON claims "
            "USING gin (array_to_tsvector(string_to_array(words, ' ')))"
        )
        return
    op.execute(
        "CREATE VIRTUAL TABLE claim_words USING fts5("
        "words, content = 'claims', content_rowid = 'number', detail = 'none', tokenize = 'ascii')"
    )
    added = "INSERT INTO claim_words (rowid, words) VALUES (new.number, new.words);"
    gone = (
        "INSERT INTO claim_words (claim_words, rowid, words) "
        "VALUES ('delete', old.number, old.words);"
    )
    op.execute(f"CREATE TRIGGER claim_words_insert AFTER INSERT ON claims BEGIN {added} END")
    op.execute(f"CREATE TRIGGER claim_words_delete AFTER DELETE ON claims BEGIN {gone} END")
    op.execute(
        "CREATE TRIGGER claim_words_update AFTER UPDATE OF words ON claims "
        f"WHEN old.words <> new.words BEGIN {gone} {added} END"
    )
    op.execute("INSERT INTO claim_words (claim_words) VALUES ('rebuild')")


def downgrade() -> None:
    """Move claims and their revisions back; drafts beside a published claim stay as revisions."""
    if op.get_bind().dialect.name == "sqlite":
        for event in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER claim_words_{event}")
        op.execute("DROP TABLE claim_words")
    else:
        op.execute("DROP INDEX ix_claims_words")
    for name in ("claim_sources", "claim_facets", "sources"):
        op.drop_table(name)
    for name in (
        *("change", "stage_number", "stage_touched", "state_id", "state_updated", "valid_until"),
    ):
        op.drop_index(f"ix_claims_{name}", "claims")
    op.rename_table("claims", "claims_0002")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE claims_0002 RENAME CONSTRAINT pk_claims TO pk_claims_0002")
    _make_first_tables()
    op.execute(
        "INSERT INTO claims SELECT id, revision, state, document, created, updated, change "
        "FROM claims_0002 ORDER BY id"
    )
    op.execute(
        "INSERT INTO claim_revisions "
        "SELECT number, key, revision, made, made_by, reason, "
        "lag(after) OVER (PARTITION BY key ORDER BY revision), after "
        "FROM revisions WHERE kind = 'claim' ORDER BY number"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('claim_revisions', 'number'), "
            "(SELECT coalesce(max(number), 0) + 1 FROM claim_revisions), false)"
        )
    op.drop_table("claims_0002")
    op.drop_table("revisions")


def _make_first_tables() -> None:
    op.create_table(
        "claims",
        sa.Column("id", KEY, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("created", sa.String(40), nullable=False),
        sa.Column("updated", sa.String(40), nullable=False),
        sa.Column("change", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_claims"),
    )
    op.create_index("ix_claims_change", "claims", ["change"])
    op.create_index("ix_claims_state_id", "claims", ["state", "id"])
    op.create_table(
        "claim_revisions",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("claim_id", sa.String(200), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("made", sa.String(40), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
        sa.PrimaryKeyConstraint("number", name="pk_claim_revisions"),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name="fk_claim_revisions_claim_id_claims"
        ),
    )
    op.create_index("ix_claim_revisions_claim_id", "claim_revisions", ["claim_id", "revision"])
