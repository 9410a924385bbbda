"""Jobs: tables that are screened apart from the request that sent them.

A job's table is kept in pieces as it was sent, read into chunks of rows, and the answers to each
chunk are kept. A worker is a process that does this, and a basis is what one job is answered from:
an index, the states of the lists, and the register.
"""
