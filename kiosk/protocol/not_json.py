"""What bytes that are no JSON of their type make the decoder raise: all of it, in one place.

msgspec has its own family, but text that is not UTF-8 comes out as Python's error, and nesting without end as a third.
Whoever decodes what another program or machine sent catches these three. Source: the fuzzing in
tests/contract/test_any_message.py.
"""

from typing import Final

import msgspec

NOT_JSON: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
