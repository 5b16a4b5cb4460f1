"""What the tests in a browser share: the browser, and the camera that makes pictures of it."""

from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.chromium import ADVICE, PATIENCE, launch
from tests.browser.pictures import Camera


def pytest_addoption(parser):
    parser.addoption("--screenshots", type=Path, help="folder for the pictures of the documents")


@pytest.fixture(scope="session")
def camera(pytestconfig):
    return Camera(pytestconfig.getoption("--screenshots", None))


@pytest.fixture(scope="module")
def browser():
    """A Chromium; of a module only, since no other event loop can run while Playwright's does."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        if browser is None:
            pytest.skip(ADVICE)
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()
