"""The tables of staff access: accounts, sessions, tokens, failed log-ins and the log of changes.

Of whoever is not staff nothing is stored: no address, no name that was tried, no browser.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

from harvester.tables import BigId, Instant

MAX_NAME = 120
MAX_LABEL = 200

metadata = MetaData()

accounts = Table(
    "staff_accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(MAX_NAME), nullable=False),  # what is typed to log in, folded
    Column("label", String(MAX_LABEL), nullable=False),  # what colleagues read: 王靜怡
    Column("library", String(32), nullable=False),  # its code; "" for the consortium's own staff
    Column("roles", String(120), nullable=False),  # separated by spaces
    Column("origin", String(8), nullable=False),  # local, oidc, demo
    Column("password", Text),  # its argon2 hash; absent where somebody else vouches
    Column("issuer", String(255)),  # of OpenID Connect
    Column("subject", String(255)),
    Column("made_at", Instant, nullable=False),
    Column("last_login_at", Instant),
    Column("disabled_at", Instant),
    UniqueConstraint("name"),
    UniqueConstraint("issuer", "subject"),
)
sessions = Table(
    "staff_sessions",
    metadata,
    Column("hash", String(64), primary_key=True),  # SHA-256 of what the cookie holds
    Column("account", Integer, nullable=False, index=True),
    Column("made_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=False),
    Column("id_token", Text),  # of OpenID Connect, to log out there too
)
tokens = Table(
    "staff_tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("account", Integer, nullable=False, index=True),
    Column("name", String(MAX_LABEL), nullable=False),
    Column("roles", String(120), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("withdrawn_at", Instant),
    UniqueConstraint("hash"),
)
attempts = Table(
    "staff_attempts",
    metadata,
    Column("key", String(64), primary_key=True),  # SHA-256 of what is counted: no name, no address
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
)
browsers = Table(
    "staff_browsers",
    metadata,
    Column("hash", String(64), primary_key=True),  # of a cookie that a browser got when its user logged in
    Column("account", Integer, nullable=False),
    Column("ends_at", Instant, nullable=False),
)
sign_ins = Table(
    "staff_sign_ins",
    metadata,
    Column("hash", String(64), primary_key=True),  # of a cookie: a log-in ends in the browser where it began
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("next", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
)
audit = Table(
    "staff_audit",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", String(MAX_NAME), nullable=False),  # an account's name; "" for nobody known
    Column("library", String(32), nullable=False),  # of the account
    Column("action", String(40), nullable=False),
    Column("what", Text, nullable=False),
    Index("staff_audit_at", "at"),
)
