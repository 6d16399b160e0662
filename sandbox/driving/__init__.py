"""Driving this GitHub: what people do in a test or a demonstration, and what they then see."""
