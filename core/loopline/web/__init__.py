"""The web: pages and API over the platform; the only place that knows Starlette."""
