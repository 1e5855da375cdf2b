"""Who holds which role."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from loopline.access.tables import user_role


def roles_of(connection: sa.Connection, user_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Answer the roles given to users."""
    query = sa.select(user_role).where(user_role.c.user_id.in_(sorted(user_ids)))
    found: dict[int, set[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.user_id, set()).add(row.role)
    return {user: frozenset(found.get(user, ())) for user in user_ids}


def set_roles(connection: sa.Connection, user_id: int, roles: Iterable[str]) -> None:
    """Give a user exactly these roles."""
    connection.execute(user_role.delete().where(user_role.c.user_id == user_id))
    rows = [{"user_id": user_id, "role": role} for role in sorted(set(roles))]
    if rows:
        connection.execute(user_role.insert(), rows)


def holders_of(connection: sa.Connection, role: str) -> list[int]:
    """Answer the users who were given a role."""
    query = sa.select(user_role.c.user_id).where(user_role.c.role == role)
    return list(connection.execute(query.order_by(user_role.c.user_id)).scalars())
