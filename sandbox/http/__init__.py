"""Requests, answers and routes: what every way into this GitHub shares."""
