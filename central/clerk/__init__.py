"""`central clerk`: changes registers as their offices would, to show how the kiosk answers then.

The authority's own clerk empties what it need not keep any longer.
Each register is a database of its own; a running server reads it anew for each request.
"""

from central.clerk import land, people, records, retention, times
from central.clerk.desk import clerk

__all__ = ["clerk", "land", "people", "records", "retention", "times"]
