"""Matching -> files and text: JSON, CSV, Markdown and the terminal; nothing here computes a score."""
