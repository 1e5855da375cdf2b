"""The API and the admin pages of the Django site."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet, Sum
from django.urls import path
from rest_framework import routers, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from benchmarks.drf.models import Lead

_LISTED = ("name", "company", "phone", "email", "budget", "source", "status", "next_follow_up")


class LeadSerializer(serializers.ModelSerializer):
    """All fields."""

    class Meta:
        """What it stands for."""

        model = Lead
        fields = "__all__"


class ListedSerializer(serializers.ModelSerializer):
    """The fields that a list shows."""

    class Meta:
        """What it stands for."""

        model = Lead
        fields = ("id", *_LISTED, "owner", "created_at")


class LeadViewSet(viewsets.ModelViewSet):
    """Leads over HTTP, filtered by source and budget."""

    queryset = Lead.objects.all()
    serializer_class = LeadSerializer

    def get_queryset(self) -> "QuerySet[Lead]":
        """Answer the leads that the address asks for."""
        found, asked = super().get_queryset(), self.request.query_params
        if "source" in asked:
            found = found.filter(source=asked["source"])
        return found.filter(budget__gt=asked["above"]) if "above" in asked else found

    def get_serializer_class(self) -> Any:
        """Answer the fields of a list, or all."""
        return ListedSerializer if self.action == "list" else LeadSerializer

    @action(detail=False)
    def summary(self, _: Request) -> Response:
        """Count leads and add up budgets by source and level."""
        grouped = Lead.objects.order_by().values("source", "level")
        return Response(list(grouped.annotate(n=Count("id"), amount=Sum("budget"))))


class LeadAdmin(admin.ModelAdmin):
    """The list of leads as pages."""

    list_display = _LISTED
    list_per_page = 50
    list_filter = ("source",)


admin.site.register(Lead, LeadAdmin)
_router = routers.DefaultRouter(trailing_slash=False)
_router.register("leads", LeadViewSet)
urlpatterns = [path("admin/", admin.site.urls), *_router.urls]
