"""Writes down for qmllint what QML sees of Bridge and Page: `python -m ui.qml_types` after changing one of them."""

import sys
from pathlib import Path

from PySide6.QtCore import QMetaMethod, QMetaObject, QMetaProperty, QObject

from ui.bridge import Bridge
from ui.page import Page

FILE = Path(__file__).parent / "types" / "Changgu" / "changgu.qmltypes"
_TYPES = {"int": "int", "double": "double", "bool": "bool", "QString": "QString", "QFont": "QFont"}


def text() -> str:
    """The whole file, from the classes as Qt knows them."""
    components = (_component(_meta(Bridge), True), _component(_meta(Page), False))
    return "import QtQuick.tooling 1.2\n\nModule {\n" + "".join(components) + "}\n"


def _meta(kind: type[QObject]) -> QMetaObject:
    known: QMetaObject = vars(kind)["staticMetaObject"]
    return known


def _component(meta: QMetaObject, singleton: bool) -> str:
    name = meta.className()
    lines = [
        "    Component {",
        f'        name: "{name}"',
        '        accessSemantics: "reference"',
        '        prototype: "QObject"',
        f'        exports: ["Changgu/{name} 1.0"]',
        "        isCreatable: false",
        f"        isSingleton: {str(singleton).lower()}",
        "        exportMetaObjectRevisions: [256]",
    ]
    lines += [_property(meta.property(at)) for at in range(meta.propertyOffset(), meta.propertyCount())]
    methods = [meta.method(at) for at in range(meta.methodOffset(), meta.methodCount())]
    lines += [_method(method) for method in methods if _seen(method)]
    return "\n".join([*lines, "    }"]) + "\n"


def _property(known: QMetaProperty) -> str:
    kind = _TYPES.get(_text(known.typeName()))
    # Python tells Qt of no other class than QObject; the only one that QML looks into is Page.
    shown = kind or ("Page" if _text(known.name()) in {"page", "sheet"} else "QObject")
    told = "isPropertyConstant: true" if known.isConstant() else f'notify: "{_name(known.notifySignal())}"'
    pointer = "" if kind else "; isPointer: true"
    return f'        Property {{ name: "{_text(known.name())}"; type: "{shown}"; isReadonly: true; {told}{pointer} }}'


def _method(method: QMetaMethod) -> str:
    signal = method.methodType() == QMetaMethod.MethodType.Signal
    returned = _text(method.typeName())
    result = f'; type: "{returned}"' if returned not in {"", "void"} else ""
    types = [_text(each.data()) for each in method.parameterTypes()]
    parameters = " ".join(f'Parameter {{ name: "p{at}"; type: "{kind}" }}' for at, kind in enumerate(types))
    return f'        {"Signal" if signal else "Method"} {{ name: "{_name(method)}"{result}; {parameters} }}'


def _seen(method: QMetaMethod) -> bool:
    """What QML may know: no name that is ours alone, no argument that only Python understands."""
    types = [_text(each.data()) for each in method.parameterTypes()]
    return not _name(method).startswith("_") and all(kind in _TYPES for kind in types)


def _name(method: QMetaMethod) -> str:
    return _text(method.name().data())


def _text(words: object) -> str:
    # Depending on its version PySide gives text or bytes.
    return words.decode() if isinstance(words, bytes) else str(words)


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
    sys.stdout.write(f"{FILE}\n")
