"""Pairs mentors with mentees provably best under stated rules, and explains every pair."""
