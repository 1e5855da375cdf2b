"""Fill the Django site and print what opens it: an API token and the key of a session, as JSON.

Run as a process of its own: ``python -m benchmarks.drf.prepare ROWS``, its database in BASELINE_DB.
"""

import json
import os
import sys

import django


def main(rows: int) -> None:
    """Make the tables, leads, and somebody who may do everything."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.drf.settings"
    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client
    from rest_framework.authtoken.models import Token

    from benchmarks.drf.models import Lead
    from benchmarks.workload import leads

    call_command("migrate", run_syncdb=True, verbosity=0)
    for first in range(0, rows, 5000):
        some = leads(first, min(5000, rows - first))
        Lead.objects.bulk_create([Lead(**one, owner=1) for one in some], batch_size=500)
    user = get_user_model().objects.create_superuser("bench")
    client = Client()
    client.force_login(user)
    found = {
        "token": Token.objects.create(user=user).key,
        "session": client.cookies["sessionid"].value,
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
