"""Where something stands in a text."""


class Place(int):
    """An offset from 0 that also knows its line and column, both from 1."""

    line: int
    column: int

    def __new__(cls, offset: int, line: int = 1, column: int | None = None) -> "Place":
        """Make the place at ``offset``; on the first line unless told otherwise."""
        made = super().__new__(cls, offset)
        made.line, made.column = line, offset + 1 if column is None else column
        return made

    def moved(self, by: int) -> "Place":
        """Answer the place ``by`` characters further on the same line."""
        return Place(self + by, self.line, self.column + by)


def place(text: str, offset: int) -> Place:
    """Answer the place at ``offset`` of ``text``; lines end with a line feed."""
    before = text[:offset]
    return Place(offset, before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)
