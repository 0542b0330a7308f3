"""The screen: what core shows, drawn with Qt Quick; presses, sound and a robot for tests."""
