pragma ComponentBehavior: Bound
import QtQuick
import Qt.labs.qmlmodels
import Changgu
import controls

// All that there is to press between the title and the actions; Body puts the pieces into their places.
Item {
    id: pressables

    required property Page page
    property bool tight: false

    signal resized

    onChildrenChanged: resized()

    Repeater {
        model: pressables.page.controls
        delegate: DelegateChooser {
            role: "kind"
            DelegateChoice {
                roleValue: "tile"
                Tile {
                    tight: pressables.tight
                    onImplicitHeightChanged: pressables.resized()
                }
            }
            DelegateChoice {
                roleValue: "tab"
                Tab {
                    onImplicitHeightChanged: pressables.resized()
                }
            }
            DelegateChoice {
                roleValue: "key"
                Key {
                    onImplicitHeightChanged: pressables.resized()
                }
            }
            DelegateChoice {
                roleValue: "stepper"
                Stepper {
                    required property string kind
                    onImplicitHeightChanged: pressables.resized()
                }
            }
            DelegateChoice {
                roleValue: "rating"
                Rating {
                    onImplicitHeightChanged: pressables.resized()
                }
            }
            DelegateChoice {
                Choice {
                    onImplicitHeightChanged: pressables.resized()
                    onNaturalChanged: pressables.resized()
                }
            }
        }
    }
}
