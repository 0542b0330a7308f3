import QtQuick
import Changgu
import theme

// The value between a stepper's less and more.
Unit {
    id: counted

    required property string fieldId
    required property string value
    required property string unit

    columns: 3
    leastColumns: 3
    whole: true
    natural: Theme.target
    implicitHeight: label.height

    Label {
        id: label
        anchors.verticalCenter: parent.verticalCenter
        width: counted.width
        // The heading above says of what; where a word of it would be torn, the number alone is enough.
        readonly property string whole: counted.unit === "" ? counted.value : counted.value + "\u2009" + counted.unit
        text: widest(Theme.body) > counted.width ? whole.split(/\s/)[0] : whole
        size: widest(Theme.title) > counted.width ? Theme.body : Theme.title
        bold: true
        horizontalAlignment: Text.AlignHCenter
        Accessible.role: Accessible.StaticText
        Accessible.name: whole

        // The widest of its words in letters of that size: it would be torn in less.
        function widest(size: int): int {
            const wide = Qt.font({family: Theme.family, pixelSize: size, weight: Font.Bold});
            return Math.max(...whole.split(/\s/).map(each => Bridge.widthOf(each, wide)));
        }
    }
}
