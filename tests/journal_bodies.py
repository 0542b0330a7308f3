"""Bodies of journal rows by their types, for tests that try whatever a machine may write."""

from typing import Any

import msgspec
from hypothesis import strategies as st

from kiosk.protocol.journal import TYPES

Values = st.SearchStrategy[Any]


def body_of_kind(kind: str, names: Values, sums: Values, words: dict[str, Values]) -> Values:
    """A body that its type reads. `words`: what a field of that name says."""
    return _struct(TYPES[kind], names, sums, words)


def _struct(shape: type[msgspec.Struct], names: Values, sums: Values, words: dict[str, Values]) -> Values:
    if shape.__struct_config__.array_like:
        fields = msgspec.structs.fields(shape)
        return st.tuples(*(_value(msgspec.inspect.type_info(one.type), names, sums) for one in fields))
    needed: dict[str, Values] = {}
    optional: dict[str, Values] = {}
    for field in msgspec.structs.fields(shape):
        name = field.encode_name
        told = words[name] if name in words else _value(msgspec.inspect.type_info(field.type), names, sums)
        (needed if field.required else optional)[name] = told
    return st.fixed_dictionaries(needed, optional=optional)


def _value(of: msgspec.inspect.Type, names: Values, sums: Values) -> Values:
    match of:
        case msgspec.inspect.StrType(min_length=least):
            return names.filter(lambda text: len(text) >= (least or 0))
        case msgspec.inspect.IntType():
            return sums
        case msgspec.inspect.BoolType():
            return st.booleans()
        case msgspec.inspect.NoneType():
            return st.none()
        case msgspec.inspect.AnyType():
            return sums | names
        case msgspec.inspect.UnionType(types=types):
            return st.one_of(*(_value(one, names, sums) for one in types))
        case msgspec.inspect.StructType(cls=shape):
            return _struct(shape, names, sums, {})
        case _:
            return _several(of, names, sums)


def _several(of: msgspec.inspect.Type, names: Values, sums: Values) -> Values:
    match of:
        case msgspec.inspect.DictType(key_type=key, value_type=value):
            return st.dictionaries(_value(key, names, sums), _value(value, names, sums), max_size=2)
        case msgspec.inspect.TupleType(item_types=items):
            return st.tuples(*(_value(item, names, sums) for item in items))
        case msgspec.inspect.VarTupleType(item_type=item):
            return st.lists(_value(item, names, sums), max_size=2)
        case _:
            raise TypeError(f"a field of {of}")
