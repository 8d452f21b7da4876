"""Every GraphQL document that is sent to stash-boxes. A test checks each against their own schema."""

from __future__ import annotations

from collections.abc import Sequence

_PERFORMER = """
fragment SensePerformer on Performer {
  id name disambiguation aliases gender birth_date deleted merged_into_id images { id url width height }
}"""

SEARCH = f"""
query SenseSearch($words: String!, $limit: Int) {{
  searchPerformer(term: $words, limit: $limit) {{ ...SensePerformer }}
}}{_PERFORMER}"""

PAGE = f"""
query SensePage($input: PerformerQueryInput!) {{
  queryPerformers(input: $input) {{ count performers {{ ...SensePerformer }} }}
}}{_PERFORMER}"""


def find(count: int) -> str:
    """Performers by id, p0 to p<count-1> with variables of the same names."""
    variables = ", ".join(f"$p{number}: ID!" for number in range(count))
    fields = "\n".join(f"  p{number}: findPerformer(id: $p{number}) {{ ...SensePerformer }}" for number in range(count))
    return f"query SenseFind({variables}) {{\n{fields}\n}}{_PERFORMER}"


def aliases(count: int) -> Sequence[str]:
    return [f"p{number}" for number in range(count)]
