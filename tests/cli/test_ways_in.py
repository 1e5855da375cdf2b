"""``loopline user`` and ``loopline token``: roles, locks, sessions, tokens."""

import json


def test_roles_are_given_and_taken(on_site, platform, as_user) -> None:
    as_user("Ada")
    held = on_site("user", "roles", "ada@example.com").output.split()
    taken = [word for role in held for word in ("--take", role)]
    assert on_site("user", "roles", "ada@example.com", *taken).output.split() == []
    given = on_site("user", "roles", "ada@example.com", "--give", held[0], "--json")
    assert json.loads(given.output)["roles"] == held
    assert on_site("user", "roles", "ada@example.com", "--give", "none").exit_code == 1


def test_a_token_is_listed_and_revoked(on_site, platform, as_user) -> None:
    as_user("Ada")
    on_site("token", "create", "ada@example.com", "--label", "Office")
    assert on_site("token", "list", "ada@example.com").output == "1\tOffice\tread\n"
    assert on_site("token", "revoke", "ada@example.com", "1").exit_code == 0
    assert on_site("token", "list", "ada@example.com").output == "1\tOffice\trevoked\n"
    assert on_site("token", "revoke", "ada@example.com", "2").exit_code == 1


def test_sessions_end_and_locks_are_lifted(on_site, platform, as_user) -> None:
    as_user("Ada")
    assert "0 sessions ended" in on_site("user", "sign-out", "ada@example.com").output
    assert "unlocked" in on_site("user", "unlock", "ada@example.com").output


def test_a_disabled_account_is_enabled_again(on_site, platform, as_user) -> None:
    as_user("Ada")
    as_user("Boss", administrator=True)
    for word in ("disable", "enable"):
        assert on_site("user", word, "ada@example.com").output == f"ada@example.com: {word}d\n"
    refused = on_site("user", "disable", "boss@example.com")
    assert (refused.exit_code, "last administrator" in refused.output) == (1, True)
