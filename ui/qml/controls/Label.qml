import QtQuick
import theme

// Words on the screen: one typeface, one line height whatever the script, never cut off.
Text {
    property int size: Theme.body
    property bool bold: false

    color: Theme.ink
    font.family: Theme.family
    font.pixelSize: size
    font.weight: bold ? Font.Bold : Font.Medium
    lineHeightMode: Text.FixedHeight
    lineHeight: Math.round(size * Theme.lines)
    wrapMode: Text.Wrap
    textFormat: Text.PlainText
    verticalAlignment: Text.AlignVCenter
    renderType: Text.NativeRendering
}
