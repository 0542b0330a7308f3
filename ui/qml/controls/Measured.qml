import Changgu

// A label that knows how wide it would be on one line, whatever width it has now.
Label {
    readonly property int natural: Bridge.widthOf(text, font)
}
