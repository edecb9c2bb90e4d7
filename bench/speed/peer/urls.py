"""The addresses of the peer."""

from django.urls import path

from bench.speed.peer import views

urlpatterns = [
    path("activities", views.ActivitiesView.as_view()),
    path("activities/<str:code>", views.ActivityView.as_view()),
]
