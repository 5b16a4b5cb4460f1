"""A lecturer and a student, each before a JupyterLab: what they click, type and read."""

from playwright.sync_api import BrowserContext, FrameLocator, Locator, expect

from tests.browser.lab import Lab


class Person:
    """Somebody before a JupyterLab, which goes on loading while others do their part."""

    def __init__(self, context: BrowserContext, lab: Lab):
        self.page = context.new_page()
        self.page.goto(lab.url("lab"), wait_until="commit")

    def choose(self, menu: str, item: str) -> None:
        """Choose an item of a menu of JupyterLab."""
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=item, exact=True).click()


class Lecturer(Person):
    """Works in the formgrader."""

    @property
    def formgrader(self) -> FrameLocator:
        """The formgrader's page, whichever is open."""
        return self.page.frame_locator("iframe")

    def row(self, name: str) -> Locator:
        """The row of the formgrader's table in which a name stands."""
        return self.formgrader.locator(f'#main-table tr:has(:text-is("{name}"))')

    def follow(self, *links: str) -> None:
        """Follow links of the formgrader, one page after the other."""
        for link in links:
            self.formgrader.get_by_role("link", name=link, exact=True).click()

    def press(self, button: str, row: str) -> str:
        """Press an icon in a row of a table; return what the formgrader says when it is done."""
        self.row(row).locator(f".{button} a").click()
        dialog = self.formgrader.locator(".modal.in")
        expect(dialog).to_be_visible()
        said = dialog.locator(".modal-body p").first.inner_text()
        assert dialog.locator(".modal-title").inner_text() == "Success", dialog.inner_text()
        dialog.get_by_role("button", name="OK").click()
        expect(dialog).to_have_count(0)
        return said

    def score(self, cell: str, points: str) -> None:
        """Type points for a graded cell and see that they are saved."""
        field = self.formgrader.locator(f"#{cell}")
        field.fill(points)
        field.press("Tab")
        expect(self.graded_cell(cell).locator(".score-saved")).to_be_visible()

    def comment(self, cell: str, words: str) -> None:
        """Write a comment on an answer and see that it is saved."""
        field = self.formgrader.locator(f"#{cell}-comment")
        field.fill(words)
        field.press("Tab")
        expect(self.graded_cell(cell).locator(".comment-saved")).to_be_visible()

    def graded_cell(self, cell: str) -> Locator:
        """The frame of a graded cell, with its fields for points."""
        return self.formgrader.locator(f".nbgrader_cell:has(#{cell}, #{cell}-comment)")


class Student(Person):
    """Works in the assignment list and in a notebook."""

    def assignments(self, kind: str) -> Locator:
        """A part of the assignment list: `released`, `fetched` or `submitted`."""
        return self.page.locator(f"#{kind}_assignments_list")

    def cell(self, text: str) -> Locator:
        """The cell of the notebook in whose editor a text stands."""
        editor = self.page.locator(".cm-content", has_text=text)
        return self.page.locator(".jp-Notebook .jp-Cell").filter(has=editor)

    def write(self, function: str, code: str) -> None:
        """Put code in the place of the last line of a function."""
        self.cell(f"def {function}(").locator(".cm-content").click()
        for key in ("Control+End", "Shift+Home"):
            self.page.keyboard.press(key)
        self.page.keyboard.insert_text(code)

    def answer(self, placeholder: str, words: str) -> None:
        """Put words in the place of a placeholder in a Markdown cell."""
        rendered = self.page.locator(".jp-MarkdownCell .jp-RenderedMarkdown")
        rendered.filter(has_text=placeholder).dblclick()
        editor = self.page.locator(".jp-MarkdownCell .cm-content", has_text=placeholder)
        editor.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(words)
        self.page.keyboard.press("Shift+Enter")
        expect(rendered.filter(has_text=words.split("$")[0])).to_be_visible()

    def check(self, function: str) -> Locator:
        """The answer of a function's self-check."""
        return self.cell(f"# Checks of {function} (").locator(".jp-OutputArea-output")

    def validate(self) -> str:
        """Press nbgrader's button; return what it says."""
        self.page.get_by_role("button", name="Validate", exact=True).click()
        dialog = self.page.locator(".jp-Dialog")
        expect(dialog).to_be_visible()
        said = dialog.inner_text()
        dialog.get_by_role("button").last.click()
        expect(dialog).to_have_count(0)
        return said

    def show(self, tab: str) -> None:
        """Bring a tab of JupyterLab to the front."""
        self.page.get_by_role("tab", name=tab).click()
