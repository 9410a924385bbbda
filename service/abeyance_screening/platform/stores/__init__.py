"""The stores that several features read: lists, parties, and the register, each query once.

A query, here and in every other store, raises what `platform.postgres.database.reaching` says
while the database cannot be used; nothing was stored then. Functions name what else they raise.
"""
