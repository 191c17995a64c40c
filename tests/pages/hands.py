"""How somebody in a story presses and types: with the keyboard alone, or with a mouse."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

from tests.pages import checks


class Hands:
    """Presses and types: with the keyboard alone, or as whoever has a mouse."""

    def __init__(self, page: Page, *, by_keyboard: bool) -> None:
        self.page, self.by_keyboard = page, by_keyboard

    def press(self, role: str, name: str) -> None:
        self.press_it(self.page.get_by_role(role, name=name, exact=True).first)  # type: ignore[arg-type]

    def press_it(self, found: Locator) -> None:
        if self.by_keyboard:
            self.tab_to(found.evaluate_handle("each => each"))
            self.page.keyboard.press("Enter")
            self.page.wait_for_load_state()
        else:
            found.click()

    def choose(self, label: str | re.Pattern[str]) -> None:
        box = self.page.get_by_role("radio", name=label).first
        if self.by_keyboard:
            self.tab_to(box.evaluate_handle("each => each"), arrows=True)
            self.page.keyboard.press("Space")
        else:
            box.check()

    def pick(self, label: str, option: str) -> None:
        """Choose in a list."""
        found = self.page.get_by_role("combobox", name=label)
        if self.by_keyboard:
            self.tab_to(found.evaluate_handle("each => each"))
            self.page.keyboard.type(option)
        else:
            found.select_option(label=option)

    def write(self, label: str, text: str) -> None:
        field = self.page.get_by_role("textbox", name=label)
        if self.by_keyboard:
            self.tab_to(field.evaluate_handle("each => each"))
            self.page.keyboard.type(text)
        else:
            field.fill(text)

    def tab_to(self, element: object, *, arrows: bool = False) -> None:
        """Comes to an element with Tab, and among the choices of one field with the arrows."""
        for _ in range(checks.MOST_STOPS):
            if self.page.evaluate("each => document.activeElement === each", element):
                return
            in_group = arrows and self.page.evaluate("document.activeElement.type === 'radio'")
            self.page.keyboard.press("ArrowDown" if in_group else "Tab")
        raise AssertionError(f"Tab never comes to {element}")
