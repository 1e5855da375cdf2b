"""Claims at the same moment: nobody gets more than the rule allows, no lead goes to two."""

from concurrent.futures import ThreadPoolExecutor

from loopline.errors import NotValid


def _tries(act, claims) -> int:
    def one(claim) -> bool:
        try:
            act(claim[0], "claim", claim[1])
        except NotValid:
            return False
        return True

    with ThreadPoolExecutor(len(claims)) as pool:
        return sum(pool.map(one, claims))


def test_claims_at_once_do_not_pass_the_cap(house, lead, act, read) -> None:
    leads = [lead(source="expo").id for _ in range(6)]
    assert _tries(act, [(house.people["Ann"], one) for one in leads]) == 2
    assert sum(read(one).value("owner") is not None for one in leads) == 2


def test_a_lead_that_several_claim_goes_to_one(house, lead, act, log) -> None:
    one = lead(source="expo").id
    assert _tries(act, [(house.people[name], one) for name in ("Ann", "Bo", "Cy")]) == 1
    assert [row["move"] for row in log(one)] == ["claim"]
