"""Fetching with manners: the only place that speaks HTTP.

`client.Client` fetches; `answers` holds what a fetch can give, which costs no import of the HTTP library.
"""
