"""The rows of the demo seeds, one generator per entity, in the JSON form of the API.

Each takes the context of the seed (moment, random seed, language) and yields the same rows for the
same context. Links are written ``{"by": {field: value}}``. Only texts that no metadata holds are
in them, so the company speaks Chinese in either interface language.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from loopline_metadata.packs.equipment import catalogue, company
from loopline_metadata.packs.equipment.customers import companies, people
from loopline_metadata.packs.equipment.deals import deals
from loopline_metadata.packs.equipment.names import credit_code, service_line
from loopline_metadata.packs.equipment.prospects import prospects
from loopline_metadata.packs.equipment.season import local_day, stamp
from loopline_metadata.packs.equipment.stream import stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

    from loopline.sdk import SeedContext
    from loopline_metadata.packs.equipment.customers import Company
    from loopline_metadata.packs.equipment.deals import Deal
    from loopline_metadata.packs.equipment.prospects import Prospect

    Rows = Iterator[Mapping[str, object]]

_PROBABILITY: Final = {"talk": "0.1", "confirmed": "0.25", "solution": "0.45", "negotiation": "0.7"}
_FORECAST: Final = {
    "talk": "omitted",
    "confirmed": "pipeline",
    "solution": "best",
    "negotiation": "commit",
}
_LIMITS: Final = {"a": 5_000_000, "b": 1_500_000, "c": 300_000}
_TERMS: Final = {"a": "net90", "b": "net60", "c": "net30", "d": "prepaid"}
_SILENCE: Final = ((180, "active"), (270, "at_risk"), (999, "lost"))
_RESTED: Final = 30
"""After how many days without follow-up a lead may have been recycled."""
_ONLINE: Final = frozenset({"web", "ads", "content"})
_PUBLIC_TENDER: Final = Decimal(500_000)
_INVITED_TENDER: Final = Decimal(200_000)


def departments(context: SeedContext) -> Rows:
    """Yield the departments, the whole before its parts."""
    for code, name, parent in company.DEPARTMENTS:
        yield _filled({"code": code, "name": name, "parent": _by("code", parent)})


def users(context: SeedContext) -> Rows:
    """Yield the people, each with whom they answer to."""
    for one in company.employees():
        above = company.manager(one)
        yield _filled(
            {
                "email": one.email,
                "name": one.name,
                "title": one.title,
                "department": _by("code", one.department),
                "manager": _by("email", above.email) if above else None,
                "language": context.language,
            }
        )


def pools(context: SeedContext) -> Rows:
    """Yield the pools of the regions and that of customers."""
    for code, (name, _) in company.POOLS.items():
        yield {"code": code, "name": name, "open": False}


def pool_members(context: SeedContext) -> Rows:
    """Yield who takes from the pools; heads are their admins."""
    for code, (_, departments) in company.POOLS.items():
        for one in company.employees():
            if one.department in departments:
                yield {
                    "pool": _by("code", code),
                    "user": _by("email", one.email),
                    "role": "admin" if one.is_head else "member",
                }


def products(context: SeedContext) -> Rows:
    """Yield the catalogue; cost is between 55 % and 70 % of the list price."""
    random = stream(context, "costs")
    for one in catalogue.products():
        cost = one.price * random.randint(55, 70) / 100
        yield _filled(
            {
                "code": one.code,
                "name": one.name,
                "category": _by("code", one.category),
                "kind": one.kind,
                "unit": one.unit,
                "list_price": str(one.price),
                "cost": str(round(cost, 2)),
                "tax_rate": "0.13" if one.kind == "goods" else "0.06",
                "active": True,
                "equipment__flow": str(one.flow) if one.flow else None,
                "equipment__head": str(one.head) if one.head else None,
                "equipment__power": str(one.power) if one.flow else None,
                "equipment__material": one.material,
                "equipment__medium": list(one.media),
                "equipment__warranty": one.warranty or None,
            }
        )


def customers(context: SeedContext) -> Rows:
    """Yield the customers, with what follows from their opportunities."""
    random = stream(context, "customer-details")
    known = companies(context)
    won: dict[int, list[Deal]] = {}
    for deal in deals(context, known):
        if deal.stage == "won":
            won.setdefault(deal.company.number, []).append(deal)
    for one in known:
        row = _customer(context, one, won.get(one.number, []))
        yield _filled(row | _site(random, one) | _held(context, one, row))


def contacts(context: SeedContext) -> Rows:
    """Yield the people at the customers."""
    random = stream(context, "contact-details")
    for one in people(context, companies(context)):
        yield {
            "external_id": f"demo-contact-{one.number:04d}",
            "name": one.name,
            "customer": _by("external_id", one.company.key),
            "title": one.title,
            "division": one.division,
            "role": one.role,
            "phone": one.phone,
            "email": one.email,
            "consent_phone": random.random() < 0.9,
            "consent_sms": random.random() < 0.5,
            "consent_email": random.random() < 0.7,
            "consent_wechat": random.random() < 0.4,
            "owner": _by("email", one.company.seller.email),
            "created_at": stamp(one.company.created_at),
        }


def leads(context: SeedContext) -> Rows:
    """Yield the leads in the order they came in."""
    random = stream(context, "lead-details")
    found = _prospects(context)
    for one in sorted(found, key=lambda lead: lead.created_at):
        yield _filled(_lead(one) | _wish(random, one) | _ownership(context, one))


def opportunities(context: SeedContext) -> Rows:
    """Yield the opportunities in the order they began."""
    random = stream(context, "deal-details")
    origin = {lead.deal.number: lead for lead in _prospects(context) if lead.deal}
    for one in deals(context, companies(context)):
        yield _filled(_opportunity(one, origin.get(one.number)) | _duty(random, one))


def _prospects(context: SeedContext) -> tuple[Prospect, ...]:
    known = companies(context)
    return prospects(context, people(context, known), deals(context, known))


def _customer(context: SeedContext, one: Company, won: list[Deal]) -> dict[str, object]:
    days = sorted(local_day(deal.closed_at) for deal in won if deal.closed_at)
    silent = (local_day(context.now) - days[-1]).days if days else 0
    after = next(name for limit, name in _SILENCE if silent < limit)
    return {
        "external_id": one.key,
        "name": one.name,
        "short_name": one.short_name,
        "kind": "company",
        "credit_code": credit_code(one.city.code, one.number),
        "industry": _by("code", one.branch.code),
        "size": one.size,
        "level": one.level,
        "lifecycle": after if days else "prospect",
        "source": one.source,
        "phone": service_line(one.number),
        "website": f"https://{one.domain}",
        "region": one.city.code,
        "address": {"region": one.city.code, "street": one.street},
        "credit_limit": str(_LIMITS[one.level]) if one.level in _LIMITS else None,
        "payment_terms": _TERMS[one.level],
        "first_deal_at": days[0].isoformat() if days else None,
        "last_deal_at": days[-1].isoformat() if days else None,
        "owner": _by("email", one.seller.email),
        "created_at": stamp(one.created_at),
    }


def _held(context: SeedContext, one: Company, row: Mapping[str, object]) -> dict[str, object]:
    """Answer since when the customer is its owner's; what was lost waits in the pool."""
    given_up = row["lifecycle"] == "prospect" and one.number % 9 == 0
    if row["lifecycle"] == "lost" or given_up:
        return {"owner": None, "leads__pool": _by("code", "customers")}
    touched = context.now - timedelta(days=one.number * 7 % 60)
    until = context.now + timedelta(days=2 + one.number % 40)
    return {
        "leads__owned_since": stamp(one.created_at),
        "leads__last_follow_up": stamp(max(touched, one.created_at)),
        "leads__protected_until": stamp(until),
    }


def _site(random: Random, one: Company) -> dict[str, object]:
    installed = round(one.size / 60 * random.uniform(0, 2.2))
    return {
        "equipment__installed": installed,
        "equipment__medium": list(one.branch.media),
        "equipment__shutdown_month": random.choice((4, 5, 9, 10, None)),
    }


def _lead(one: Prospect) -> dict[str, object]:
    return {
        "external_id": one.key,
        "name": one.name,
        "company": one.company,
        "title": one.title,
        "phone": one.phone,
        "email": one.email,
        "region": one.city.code,
        "industry": _by("code", one.branch.code),
        "product": _by("code", one.product.code),
        "source": one.source,
        "level": one.level,
        "status": one.status,
        "invalid_reason": one.invalid_reason,
        "next_follow_up": local_day(one.next_day).isoformat() if one.next_day else None,
        "last_follow_up": stamp(one.touched_at) if one.touched_at else None,
        "converted_to": _by("external_id", one.deal.company.key) if one.deal else None,
        "owner": _by("email", one.seller.email) if one.seller else None,
        "created_at": stamp(one.created_at),
    }


def _ownership(context: SeedContext, one: Prospect) -> dict[str, object]:
    """Answer since when the lead is its owner's; none is recycled today, some every day after.

    Some that nobody followed up for long lie in their pools.
    """
    if not one.seller:
        return {}
    rested = one.touched_at and context.now - one.touched_at > timedelta(days=_RESTED)
    if rested and one.status == "contacted" and one.level != "a" and one.number % 3 == 0:
        return {"owner": None}
    until = context.now + timedelta(days=2 + one.number % 30)
    return {"owned_since": stamp(one.created_at), "protected_until": stamp(until)}


def _wish(random: Random, one: Prospect) -> dict[str, object]:
    budget = round(one.product.price * one.quantity * random.randint(80, 125) / 100, -3)
    online = one.source in _ONLINE
    medium = {"web": "organic", "ads": "cpc", "content": "download"}.get(one.source)
    return {
        "need": f"{one.product.family} {one.quantity} {one.product.unit}，请提供选型和报价。",
        "budget": f"{budget:f}" if random.random() < 0.62 else None,
        "utm_source": random.choice(("baidu", "bing", "direct")) if online else None,
        "utm_medium": medium,
        "utm_campaign": f"{one.created_at:%Y}-{one.product.category.lower()}" if online else None,
        "equipment__purpose": random.choices(
            ("project", "renovation", "replacement", "spares"), (34, 28, 28, 10)
        )[0],
    }


def _opportunity(one: Deal, lead: Prospect | None) -> dict[str, object]:
    return {
        "external_id": one.key,
        "name": one.name,
        "customer": _by("external_id", one.company.key),
        "product": _by("code", one.product.code),
        "lead": _by("external_id", lead.key) if lead else None,
        "stage": one.stage,
        "amount": f"{one.amount:f}",
        "probability": _PROBABILITY.get(one.stage),
        "forecast": _FORECAST.get(one.stage),
        "expected_close": local_day(one.expected).isoformat(),
        "closed_at": local_day(one.closed_at).isoformat() if one.closed_at else None,
        "source": lead.source if lead else one.company.source,
        "lost_reason": one.lost_reason,
        "owner": _by("email", one.company.seller.email),
        "created_at": stamp(one.created_at),
    }


def _duty(random: Random, one: Deal) -> dict[str, object]:
    media = one.product.media or one.company.branch.media
    hot = media[0] in {"thermal_oil", "steam"}
    if one.amount >= _PUBLIC_TENDER:
        tender = "public"
    elif one.amount >= _INVITED_TENDER:
        tender = "invited"
    else:
        tender = random.choice(("direct", "inquiry"))
    return {
        "equipment__quantity": one.quantity,
        "equipment__medium": random.choice(media),
        "equipment__temperature": str(random.randint(150, 280) if hot else random.randint(15, 85)),
        "equipment__tender": tender,
        "equipment__delivery_weeks": random.choice((4, 6, 8, 10, 12, 16)),
    }


def _by(field: str, value: str) -> dict[str, dict[str, str]] | None:
    return {"by": {field: value}} if value else None


def _filled(row: Mapping[str, object]) -> Mapping[str, object]:
    """Answer the row without blanks, so that defaults apply."""
    return {field: value for field, value in row.items() if value not in (None, "", [])}
