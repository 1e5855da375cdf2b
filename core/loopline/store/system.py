"""The kernel's own tables: one MetaData that each module of store/, jobs/ and access/ adds to.

Their history is the Alembic chain in ``store/migrations``; record tables are not part of it.
"""

from typing import Final

import sqlalchemy as sa

metadata: Final = sa.MetaData()
"""A registry of table descriptions: it holds no connection and no state."""
