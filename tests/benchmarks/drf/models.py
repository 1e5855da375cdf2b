"""A lead as a developer would write it down in Django, with the indexes that its lists need."""

from django.db import models


def _line() -> models.CharField:
    return models.CharField(max_length=200, blank=True, default="")


class Lead(models.Model):
    """A lead, its fields those of the hand-written table."""

    name = models.CharField(max_length=200)
    company, title, wechat, region = _line(), _line(), _line(), _line()
    phone = models.CharField(max_length=40, blank=True, default="", db_index=True)
    email = models.EmailField(blank=True, default="")
    source, level, invalid_reason = _line(), _line(), _line()
    status = models.CharField(max_length=40, default="new")
    need = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    utm_source, utm_medium, utm_campaign = _line(), _line(), _line()
    budget = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    industry = models.BigIntegerField(null=True)
    product = models.BigIntegerField(null=True)
    owner = models.BigIntegerField(null=True)
    next_follow_up = models.DateField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """The order of its lists, and what serves them."""

        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=["created_at", "id"]),
            models.Index(fields=["source", "created_at"]),
        )
