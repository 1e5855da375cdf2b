"""The application of the Django site."""

from pathlib import Path

from django.apps import AppConfig


class Leads(AppConfig):
    """Leads, in a folder that is no package."""

    name = "benchmarks.drf"
    label = "leads"
    path = str(Path(__file__).parent)
