"""Outlets by source: facts, aliases, ratings, raters."""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
DOMAIN = sa.String(253).with_variant(sa.String(253, collation="C"), "postgresql")
MOMENT = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables and part each outlet into facts, aliases and ratings."""
    held = op.get_bind().execute(sa.text("SELECT * FROM outlets ORDER BY domain")).all()
    op.drop_table("outlets")
    op.create_table(
        "outlets",
        sa.Column("domain", DOMAIN, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.Column("change", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("domain", name="pk_outlets"),
    )
    op.create_index("ix_outlets_change", "outlets", ["change"])
    op.create_table(
        "outlet_facts",
        sa.Column("domain", DOMAIN, nullable=False),
        sa.Column("source", sa.Integer, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("impersonated", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(
            ["domain"], ["outlets.domain"], name="fk_outlet_facts_domain_outlets"
        ),
        sa.ForeignKeyConstraint(
            ["source"], ["sources.number"], name="fk_outlet_facts_source_sources"
        ),
        sa.PrimaryKeyConstraint("domain", "source", name="pk_outlet_facts"),
    )
    op.create_index("ix_outlet_facts_source", "outlet_facts", ["source", "domain"])
    op.create_table(
        "outlet_aliases",
        sa.Column("alias", DOMAIN, nullable=False),
        sa.Column("domain", DOMAIN, nullable=False),
        sa.Column("source", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["domain"], ["outlets.domain"], name="fk_outlet_aliases_domain_outlets"
        ),
        sa.ForeignKeyConstraint(
            ["source"], ["sources.number"], name="fk_outlet_aliases_source_sources"
        ),
        sa.PrimaryKeyConstraint("alias", "domain", "source", name="pk_outlet_aliases"),
    )
    op.create_index("ix_outlet_aliases_domain", "outlet_aliases", ["domain"])
    op.create_index("ix_outlet_aliases_source", "outlet_aliases", ["source"])
    op.create_table(
        "raters",
        sa.Column("name", KEY, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_raters"),
    )
    op.create_table(
        "ratings",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("domain", DOMAIN, nullable=False),
        sa.Column("source", sa.Integer, nullable=False),
        sa.Column("rater", KEY, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("score", sa.Float),
        sa.Column("document", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["domain"], ["outlets.domain"], name="fk_ratings_domain_outlets"),
        sa.ForeignKeyConstraint(["source"], ["sources.number"], name="fk_ratings_source_sources"),
        sa.PrimaryKeyConstraint("number", name="pk_ratings"),
    )
    op.create_index("ix_ratings_domain", "ratings", ["domain", "number"])
    op.create_index("ix_ratings_rater", "ratings", ["rater", "domain"])
    op.create_index("ix_ratings_source", "ratings", ["source", "domain"])
    if held:
        _part(op.get_bind(), held)


def _part(connection: sa.Connection, held: Sequence[Any]) -> None:
    now = "strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now')"
    if connection.dialect.name == "postgresql":
        now = """to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')"""
    moment = connection.scalar(sa.text(f"SELECT {now}"))  # a constant
    connection.execute(
        sa.text(
            "INSERT INTO sources (name, kind, state, imported, made_by, revision) "
            "VALUES ('starter outlets', 'starter', 'active', :moment, 'seed', 1)"
        ),
        {"moment": moment},
    )
    source = connection.scalar(sa.text("SELECT number FROM sources WHERE name = 'starter outlets'"))
    for row in held:
        record = json.loads(row.document)
        domain, ratings = row.domain, record.pop("ratings", [])
        aliases, name = record.pop("aliases", []), record.pop("name", None)
        record.pop("domain", None)
        values = {"domain": domain, "source": source, "moment": moment, "name": name}
        connection.execute(
            sa.text(
                "INSERT INTO outlets (domain, state, revision, created, updated, change) "
                "VALUES (:domain, 'published', 1, :moment, :moment, 0)"
            ),
            values,
        )
        connection.execute(
            sa.text(
                "INSERT INTO outlet_facts (domain, source, name, document, impersonated) "
                "VALUES (:domain, :source, :name, :document, :impersonated)"
            ),
            values | {"document": _text(record), "impersonated": bool(row.impersonated)},
        )
        for position, alias in enumerate(dict.fromkeys(aliases)):
            connection.execute(
                sa.text(
                    "INSERT INTO outlet_aliases (alias, domain, source, position) "
                    "VALUES (:alias, :domain, :source, :position)"
                ),
                values | {"alias": alias, "position": position},
            )
        for rating in ratings:
            rater, label = rating["source"], rating["label"]
            more = {"rater": rater, "label": label, "score": rating.get("score")}
            connection.execute(
                sa.text(
                    "INSERT INTO ratings (domain, source, rater, label, score, document) "
                    "VALUES (:domain, :source, :rater, :label, :score, :document)"
                ),
                values | more | {"document": _text(rating)},
            )


def _text(record: dict[str, object]) -> str:
    return json.dumps(record, ensure_ascii=False)


def downgrade() -> None:
    """Join each outlet's facts, aliases and ratings into one document again."""
    connection = op.get_bind()
    rows: list[tuple[str, str, int]] = []
    facts: dict[str, tuple[dict[str, Any], bool]] = {}
    for row in connection.execute(sa.text("SELECT * FROM outlet_facts ORDER BY domain, source")):
        said = {"domain": row.domain, "name": row.name} | json.loads(row.document)
        record, often = facts.get(row.domain, ({}, False))
        facts[row.domain] = (said | record, bool(often or row.impersonated))
    for domain in connection.scalars(sa.text("SELECT domain FROM outlets ORDER BY domain")).all():
        record, often = facts.get(domain, ({"domain": domain, "name": domain}, False))
        aliases = connection.scalars(
            sa.text("SELECT alias FROM outlet_aliases WHERE domain = :d ORDER BY source, position"),
            {"d": domain},
        ).all()
        ratings = connection.scalars(
            sa.text("SELECT document FROM ratings WHERE domain = :d ORDER BY number"), {"d": domain}
        ).all()
        record["aliases"] = list(dict.fromkeys(aliases))
        record["ratings"] = [json.loads(rating) for rating in ratings]
        kept = {name: value for name, value in record.items() if value not in (None, [])}
        rows.append((domain, _text(kept), int(often)))
    for name in ("ratings", "raters", "outlet_aliases", "outlet_facts", "outlets"):
        op.drop_table(name)
    op.create_table(
        "outlets",
        sa.Column("domain", sa.String(253), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("impersonated", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("domain", name="pk_outlets"),
    )
    for domain, document, impersonated in rows:
        connection.execute(
            sa.text("INSERT INTO outlets VALUES (:domain, :document, :impersonated)"),
            {"domain": domain, "document": document, "impersonated": impersonated},
        )
