"""A visitor of pages with the Chromium that is installed, who notices requests and errors."""

from contextlib import contextmanager

import pytest

from helpers.javascript import chromium

OF_THE_PAGE = ("blob:", "data:")  # what a page made itself
GRAVE = ("serious", "critical")  # of axe-core's findings


@contextmanager
def started_browser():
    """Starts the installed Chromium, or skips where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if (program := chromium()) is None:
        pytest.skip("no Chromium is installed, which shows the page")
    with playwright.sync_playwright() as started:
        yield (opened := started.chromium.launch(executable_path=program, args=["--no-sandbox"]))
        opened.close()


class Visitor:
    """Opens pages and notes each request, message of the console and error."""

    def __init__(self, browser):
        self.browser = browser
        self.opened, self.wanted, self.requests, self.messages = [], [], [], []

    def show(self, address, **options):
        """Opens a page in a window of its own."""
        page = self.browser.new_page(**options)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.messages.append(message.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.opened.append(page)
        self.wanted.append(address)
        page.goto(address)
        return page

    def leave(self):
        """Closes all pages."""
        for page in self.opened:
            page.close()

    @property
    def other_requests(self):
        """The addresses that were asked for, apart from those of the pages themselves."""
        asked = [each for each in self.requests if not each.startswith(OF_THE_PAGE)]
        return [each for each in asked if each not in self.wanted]


def grave_findings(page):
    """Returns what axe-core finds serious or critical, a line each with the first place."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is missing")
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{each['id']} ({len(each['nodes'])}): {each['nodes'][0]['html'][:200]} "
        f"{each['nodes'][0].get('failureSummary', '')[:300]}"
        for each in found
        if each["impact"] in GRAVE
    ]
